package dev.rebound.deploy.lab.evaluation;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/** How often each item was interacted with so far. */
final class ItemCounts {
    /** An item with fewer interactions is cold. */
    private static final int WARM = 5;

    private final Long2IntOpenHashMap counts = new Long2IntOpenHashMap();
    private long total;

    void add(long itemKey) {
        counts.addTo(itemKey, 1);
        total++;
    }

    boolean isCold(long itemKey) {
        return counts.get(itemKey) < WARM;
    }

    /**
     * Surprise of an item, in bits: the negative logarithm of its share of all interactions (Zhou, Kuscsik, Liu, Medo,
     * Wakeling, Zhang, PNAS 2010). One is added to each count, so that an item without any has a finite one.
     *
     * @param items of the catalog
     */
    double selfInformation(long itemKey, int items) {
        return Math.log((total + items) / (counts.get(itemKey) + 1.0)) / Math.log(2);
    }
}
