package dev.rebound.operators.evaluation;

import dev.rebound.operators.scoring.ScoringTask;
import java.util.ArrayList;
import java.util.List;

/** Users whose next items are to be foreseen, as they are before those. At most one moment a user. */
public final class Moments {
    private final int capacity;
    private final List<ScoringTask> tasks = new ArrayList<>();
    private final List<Long> chosen = new ArrayList<>();

    public Moments(int capacity) {
        this.capacity = capacity;
    }

    void add(ScoringTask task, long chosenItemKey) {
        tasks.add(task);
        chosen.add(chosenItemKey);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    boolean isFull() {
        return tasks.size() == capacity;
    }

    void clear() {
        tasks.clear();
        chosen.clear();
    }

    public int size() {
        return tasks.size();
    }

    /** The user and what is known. */
    public ScoringTask task(int moment) {
        return tasks.get(moment);
    }

    /** What the user then chose. */
    long chosen(int moment) {
        return chosen.get(moment);
    }
}
