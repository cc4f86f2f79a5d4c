package dev.rebound.operators.evaluation;

import dev.rebound.operators.scoring.ScoringTask;
import java.util.ArrayList;
import java.util.List;

/** Users to whom something is to be recommended, as they are before they choose. */
public final class Moments {
    private final int capacity;
    private final List<ScoringTask> tasks = new ArrayList<>();

    public Moments(int capacity) {
        this.capacity = capacity;
    }

    void add(ScoringTask task) {
        tasks.add(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    boolean isFull() {
        return tasks.size() == capacity;
    }

    void clear() {
        tasks.clear();
    }

    public int size() {
        return tasks.size();
    }

    /** The user and what is known. */
    public ScoringTask task(int moment) {
        return tasks.get(moment);
    }
}
