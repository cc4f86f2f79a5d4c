package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.ScoringTask;
import java.util.ArrayList;
import java.util.List;

/** Tasks of users to whom something is to be recommended, as they are before they choose. */
public final class TaskBatch {
    private final int capacity;
    private final List<ScoringTask> tasks = new ArrayList<>();

    public TaskBatch(int capacity) {
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
    public ScoringTask task(int row) {
        return tasks.get(row);
    }
}
