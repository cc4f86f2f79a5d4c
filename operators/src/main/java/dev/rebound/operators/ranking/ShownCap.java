package dev.rebound.operators.ranking;

import dev.rebound.operators.features.ShownItems;
import dev.rebound.operators.retrieval.ItemTable;
import java.time.Duration;
import java.util.Arrays;

/** Knows which items a user was shown too often without taking them. */
final class ShownCap {
    private final int cap;
    private final long windowMillis;
    private final int[] touched = new int[ShownItems.CAPACITY];
    private int touchedCount;
    private byte[] countOf = new byte[1024];

    /**
     * @param cap how often is enough; 0 is no cap
     * @param window how long an impression counts
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
            countOf[touched[i]] = 0;
        }
        touchedCount = 0;
        if (countOf.length < table.size()) {
            countOf = Arrays.copyOf(countOf, table.size() * 2);
        }
        for (int n = shown.size() - 1; n >= 0 && nowMillis - shown.timeMillis(n) < windowMillis; n--) {
            int slot = table.slot(shown.itemKey(n));
            if (slot != ItemTable.NO_SLOT && countOf[slot]++ == 0) {
                touched[touchedCount++] = slot;
            }
        }
    }

    boolean isReached(int slot) {
        return countOf[slot] >= cap;
    }
}
