package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import java.util.Arrays;

/**
 * What a shop wants beyond the score: a page is not all of one category, and something new of the user's categories is
 * shown. Owned by one thread; allocates nothing a user.
 */
public final class RankingPolicy {
    private final ItemTable table;
    private final int maxPerCategory;
    private final long[] order;
    private final boolean[] taken;
    private int[] shownByCategory = new int[64];

    /**
     * @param maxPerCategory most items of one leaf category on a page, at least 1
     * @param maxCandidates most candidates a user
     */
    public RankingPolicy(ItemTable table, int maxPerCategory, int maxCandidates) {
        this.table = table;
        this.maxPerCategory = maxPerCategory;
        this.order = new long[maxCandidates];
        this.taken = new boolean[maxCandidates];
    }

    /**
     * Chooses and orders what is shown.
     *
     * @param scores of the candidates, from {@code offset} on, none negative or NaN
     * @param capped whether the cap a category holds; it does not where the page is about one category
     * @param chosen receives indexes into the candidates, best first
     * @return how many were chosen: {@code chosen.length}, or all candidates where there are fewer
     */
    public int choose(Candidates candidates, float[] scores, int offset, boolean capped, int[] chosen) {
        int size = candidates.size();
        for (int c = 0; c < size; c++) {
            // Of equal scores the one retrieved first wins: its index counts down.
            order[c] = ((long) Float.floatToRawIntBits(scores[offset + c]) << 32) | (size - c);
            taken[c] = false;
        }
        Arrays.sort(order, 0, size);
        int count = take(candidates, size, capped ? maxPerCategory : Integer.MAX_VALUE, 0, chosen);
        count = take(candidates, size, Integer.MAX_VALUE, count, chosen);
        if (capped) {
            showSomethingNew(candidates, size, count, chosen);
        }
        return count;
    }

    private int take(Candidates candidates, int size, int most, int already, int[] chosen) {
        if (shownByCategory.length < table.categoryCount()) {
            shownByCategory = new int[table.categoryCount() * 2];
        }
        int count = already;
        for (int i = size - 1; i >= 0 && count < chosen.length; i--) {
            int c = candidateAt(i, size);
            int category = categoryOf(candidates, c);
            boolean counts = category != ItemTable.NO_INDEX;
            if (taken[c] || (counts && shownByCategory[category] >= most)) {
                continue;
            }
            taken[c] = true;
            shownByCategory[category]++;
            chosen[count++] = c;
        }
        for (int i = 0; i < count; i++) {
            shownByCategory[categoryOf(candidates, chosen[i])] = 0;
        }
        return count;
    }

    /** Gives the last place to the best new item where none made it by its score. */
    private void showSomethingNew(Candidates candidates, int size, int count, int[] chosen) {
        if (count < chosen.length || count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (isNew(candidates, chosen[i])) {
                return;
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            int c = candidateAt(i, size);
            if (!taken[c] && isNew(candidates, c)) {
                chosen[count - 1] = c;
                return;
            }
        }
    }

    private int candidateAt(int rankFromWorst, int size) {
        return size - (int) order[rankFromWorst];
    }

    private int categoryOf(Candidates candidates, int c) {
        Item item = table.item(candidates.slots[c]);
        return item.category;
    }

    private static boolean isNew(Candidates candidates, int c) {
        return (candidates.sources[c] & Candidates.NEW_IN_CATEGORY) != 0;
    }
}
