package dev.rebound.operators.retrieval;

import dev.rebound.operators.user.RecentItems;

/** Where a user's recent items stand in the item table, looked up once a user. Mutable, used again for the next. */
public final class RecentSlots {
    /** The slot of an item that the table does not know. */
    public static final int NONE = ItemTable.NO_SLOT;

    private final int[] slots = new int[RecentItems.CAPACITY];
    private int size;

    /** Looks up the items. */
    public void resolve(RecentItems recent, ItemTable table) {
        size = recent.size();
        for (int n = 0; n < size; n++) {
            slots[n] = table.slot(recent.itemKey(n));
        }
    }

    public int size() {
        return size;
    }

    /** Slot of the n-th newest item, or {@link #NONE}. */
    public int slot(int n) {
        return slots[n];
    }
}
