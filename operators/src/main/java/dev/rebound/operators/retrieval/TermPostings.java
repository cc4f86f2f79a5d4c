package dev.rebound.operators.retrieval;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The items that have a term: an inverted index of the item table, changed with each of its items. 4 to 8 bytes for each
 * term of each item, at most 384 bytes an item. Taking an item out looks through the items of its terms, and happens only
 * when its words change. Owned by one thread.
 */
final class TermPostings {
    private static final int FIRST = 4;

    private int[][] slots = new int[1024][];
    private int[] counts = new int[1024];
    private long postings;
    private int items;

    /**
     * Puts an item's terms in place of those that it had.
     *
     * @param before what stands here for the item, or null
     * @param now the very array of before where nothing has changed
     */
    void replace(int slot, int @Nullable [] before, int[] now) {
        if (before == now) {
            return;
        }
        if (before != null && before.length > 0) {
            for (int term : before) {
                remove(term, slot);
            }
            items--;
            postings -= before.length;
        }
        if (now.length > 0) {
            for (int term : now) {
                add(term, slot);
            }
            items++;
            postings += now.length;
        }
    }

    private void add(int term, int slot) {
        if (term >= slots.length) {
            slots = Arrays.copyOf(slots, term * 2);
            counts = Arrays.copyOf(counts, term * 2);
        }
        int[] own = slots[term];
        if (own == null) {
            own = new int[FIRST];
            slots[term] = own;
        } else if (counts[term] == own.length) {
            own = Arrays.copyOf(own, own.length * 2);
            slots[term] = own;
        }
        own[counts[term]++] = slot;
    }

    private void remove(int term, int slot) {
        int[] own = slots[term];
        int at = 0;
        while (own[at] != slot) {
            at++;
        }
        own[at] = own[--counts[term]];
    }

    /** How many items have a term. */
    int count(int term) {
        return term < counts.length ? counts[term] : 0;
    }

    /** The n-th item that has a term, in no order. */
    int slot(int term, int n) {
        return slots[term][n];
    }

    /** Mean terms of the items that have any; 1 where none has. */
    float meanLength() {
        return items == 0 ? 1 : (float) postings / items;
    }
}
