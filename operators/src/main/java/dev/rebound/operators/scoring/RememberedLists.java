package dev.rebound.operators.scoring;

import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Scenario;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntLinkedOpenHashMap;
import java.util.Arrays;

/**
 * What users were shown last, for those that were shown something last; others are forgotten, as all are at a restart.
 * 4 MiB for 20,000 users and pages of 10, reserved as users come. Allocates nothing for a user that it knows; owned by one
 * thread.
 */
final class RememberedLists {
    private static final int UNKNOWN = -1;

    private final int users;
    private final int items;
    private final Object2IntLinkedOpenHashMap<String> rows = new Object2IntLinkedOpenHashMap<>();
    private final IntArrayList free = new IntArrayList();
    private Scenario[] scenarios = {};
    private long[] contexts = {};
    private int[] sizes = {};
    private int[] slots = {};
    private float[] scores = {};

    /**
     * @param users most that are remembered
     * @param items most of a list that are, the first ones
     */
    RememberedLists(int users, int items) {
        this.users = users;
        this.items = items;
        rows.defaultReturnValue(UNKNOWN);
    }

    /** Forgets what the user was shown before, and begins a list. */
    int begin(ScoringTask task) {
        int row = rows.getAndMoveToLast(task.userId);
        if (row == UNKNOWN) {
            row = freeRow();
            rows.putAndMoveToLast(task.userId, row);
        }
        scenarios[row] = task.scenario;
        contexts[row] = task.contextItemKey;
        sizes[row] = 0;
        return row;
    }

    private int freeRow() {
        if (rows.size() == users) {
            return rows.removeFirstInt();
        }
        if (!free.isEmpty()) {
            return free.popInt();
        }
        if (rows.size() == sizes.length) {
            reserve(Math.min(users, Math.max(64, 2 * sizes.length)));
        }
        return rows.size();
    }

    private void reserve(int length) {
        scenarios = Arrays.copyOf(scenarios, length);
        contexts = Arrays.copyOf(contexts, length);
        sizes = Arrays.copyOf(sizes, length);
        slots = Arrays.copyOf(slots, length * items);
        scores = Arrays.copyOf(scores, length * items);
    }

    /** Adds an item to a list that was begun; what is beyond its room is left out. */
    void add(int row, int slot, float score) {
        if (sizes[row] < items) {
            slots[row * items + sizes[row]] = slot;
            scores[row * items + sizes[row]++] = score;
        }
    }

    /** Where the list is that the user was shown last on such a page; negative where none is known. */
    int find(ScoringTask task) {
        int row = rows.getInt(task.userId);
        boolean samePage = row != UNKNOWN
                && sizes[row] > 0
                && scenarios[row] == task.scenario
                && contexts[row] == task.contextItemKey;
        return samePage ? row : UNKNOWN;
    }

    int size(int row) {
        return sizes[row];
    }

    /** Slot of the n-th item. */
    int slot(int row, int n) {
        return slots[row * items + n];
    }

    float score(int row, int n) {
        return scores[row * items + n];
    }

    void forget(String userId) {
        int row = rows.removeInt(userId);
        if (row != UNKNOWN) {
            free.push(row);
        }
    }
}
