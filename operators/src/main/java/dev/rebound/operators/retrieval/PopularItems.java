package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.retrieval.ItemTable.Item;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;

/**
 * Offered items by decayed popularity, over all and by category, and the newest of each category. A snapshot of the
 * {@link ItemTable}, made again when that has changed and the last making is long enough ago for its cost to stay
 * under two percent of the time.
 */
public final class PopularItems {
    private static final long LEAST_INTERVAL_NANOS = 500_000_000L;
    private static final int COST_FACTOR = 50;
    private static final int TRENDING = 300;
    private static final int PER_CATEGORY = 60;
    private static final int NEW_PER_CATEGORY = 10;
    private static final int[] NONE = {};

    private int[] offered = NONE;
    private int[] trending = NONE;
    private int[][] byCategory = {};
    private int[][] newByCategory = {};
    private double meanPopularity = DecayedSum.EMPTY;
    private long meanFirstSeenMillis;
    private long madeOf = -1;
    private long notBeforeNanos = Long.MIN_VALUE;

    /** Makes the lists again if they are due. */
    public void refresh(ItemTable table, long nowNanos) {
        if (madeOf != table.version() && (madeOf < 0 || nowNanos - notBeforeNanos >= 0)) {
            make(table);
            long cost = System.nanoTime() - nowNanos;
            notBeforeNanos = nowNanos + Math.max(LEAST_INTERVAL_NANOS, COST_FACTOR * cost);
        }
    }

    /** Makes the lists of what the table holds now. */
    public void make(ItemTable table) {
        offered = offered(table);
        average(table, offered);
        IntArrays.quickSort(offered, (a, b) -> byPopularity(table.candidate(a), table.candidate(b)));
        trending = Arrays.copyOf(offered, Math.min(TRENDING, offered.length));
        byCategory = split(table, offered, PER_CATEGORY);
        IntArrays.quickSort(offered, (a, b) -> byAge(table.candidate(a), table.candidate(b)));
        newByCategory = split(table, offered, NEW_PER_CATEGORY);
        madeOf = table.version();
    }

    private void average(ItemTable table, int[] offered) {
        double greatest = DecayedSum.EMPTY;
        for (int slot : offered) {
            greatest = Math.max(greatest, table.candidate(slot).popularity);
        }
        double shares = 0;
        double firstSeen = 0;
        for (int slot : offered) {
            Item item = table.candidate(slot);
            shares += greatest == DecayedSum.EMPTY ? 0 : DecayedSum.ratio(item.popularity, greatest);
            firstSeen += (double) item.firstSeenMillis / offered.length;
        }
        meanPopularity = shares == 0 ? DecayedSum.EMPTY : greatest + Math.log(shares / offered.length) / Math.log(2);
        meanFirstSeenMillis = (long) firstSeen;
    }

    private static int[] offered(ItemTable table) {
        IntArrayList slots = new IntArrayList(table.size());
        for (int slot = 0; slot < table.size(); slot++) {
            Item item = table.item(slot);
            if (item != null && item.offered) {
                slots.add(slot);
            }
        }
        return slots.toIntArray();
    }

    private static int byPopularity(Item a, Item b) {
        int order = Double.compare(b.popularity, a.popularity);
        return order != 0 ? order : Long.compare(a.itemKey, b.itemKey);
    }

    private static int byAge(Item a, Item b) {
        int order = Long.compare(b.firstSeenMillis, a.firstSeenMillis);
        return order != 0 ? order : Long.compare(a.itemKey, b.itemKey);
    }

    private static int[][] split(ItemTable table, int[] ordered, int most) {
        IntArrayList[] lists = new IntArrayList[table.categoryCount()];
        for (int slot : ordered) {
            int category = table.candidate(slot).category;
            if (lists[category] == null) {
                lists[category] = new IntArrayList();
            }
            if (lists[category].size() < most) {
                lists[category].add(slot);
            }
        }
        int[][] arrays = new int[lists.length][];
        for (int c = 0; c < lists.length; c++) {
            arrays[c] = lists[c] == null ? NONE : lists[c].toIntArray();
        }
        return arrays;
    }

    /** How many times as popular as the mean item one is; the same at any moment. 1 where nothing is known yet. */
    public double timesTheMean(Item item) {
        return meanPopularity == DecayedSum.EMPTY ? 1 : DecayedSum.ratio(item.popularity, meanPopularity);
    }

    /** When the mean item was first seen, milliseconds; 0 where there is none. */
    public long meanFirstSeenMillis() {
        return meanFirstSeenMillis;
    }

    /** Slots of all items that may be recommended, in no order; another array each time that the lists are made. */
    public int[] offered() {
        return offered;
    }

    /** Slots, most popular first. */
    public int[] trending() {
        return trending;
    }

    /** Slots of a category, most popular first. */
    public int[] inCategory(int category) {
        return category < byCategory.length ? byCategory[category] : NONE;
    }

    /** Slots of a category, newest first. */
    public int[] newInCategory(int category) {
        return category < newByCategory.length ? newByCategory[category] : NONE;
    }
}
