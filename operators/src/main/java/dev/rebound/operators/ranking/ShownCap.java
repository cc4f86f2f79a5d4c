package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.user.ShownItems;
import java.time.Duration;
import java.util.Arrays;

/** Knows which items a user was shown too often without taking them. */
final class ShownCap {
    private final int cap;
    private final long windowMillis;
    private final int[] touched = new int[ShownItems.CAPACITY];
    private int touchedCount;
    private boolean[] reached = new boolean[1024];

    /**
     * @param cap how often is enough; 0 is no cap
     * @param window how long after it was shown last an item stays capped
     */
    ShownCap(int cap, Duration window) {
        this.cap = cap;
        this.windowMillis = window.toMillis();
    }

    boolean isOn() {
        return cap > 0;
    }

    /** Begins a user's list at a moment. */
    void begin(ShownItems shown, ItemTable table, long nowMillis) {
        for (int i = 0; i < touchedCount; i++) {
            reached[touched[i]] = false;
        }
        touchedCount = 0;
        if (reached.length < table.size()) {
            reached = Arrays.copyOf(reached, table.size() * 2);
        }
        for (int n = 0; n < shown.size(); n++) {
            boolean capped = shown.count(n) >= cap && nowMillis - shown.timeMillis(n) < windowMillis;
            int slot = capped ? table.slot(shown.itemKey(n)) : ItemTable.NO_SLOT;
            if (slot != ItemTable.NO_SLOT) {
                reached[slot] = true;
                touched[touchedCount++] = slot;
            }
        }
    }

    boolean isReached(int slot) {
        return reached[slot];
    }
}
