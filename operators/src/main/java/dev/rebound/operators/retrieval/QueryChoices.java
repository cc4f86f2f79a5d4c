package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.Neighbours;
import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What users take after a query, held on the heap as the item table is. Bounded: of more than {@link #CAPACITY} words and
 * queries those that were learned latest remain, each with at most {@link Neighbours#CAPACITY} items: 100 to 450 bytes
 * each. Owned by one thread.
 */
final class QueryChoices {
    /** Most words and queries. */
    static final int CAPACITY = 100_000;

    private final Long2ObjectLinkedOpenHashMap<Taken> taken = new Long2ObjectLinkedOpenHashMap<>();

    /**
     * Items after one query, and how much they were taken.
     *
     * @param shares of all that was taken, in (0, 1]
     * @param total a {@link DecayedSum}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Taken(int[] slots, float[] shares, double total) {
        /** How sure it is, from 0 to 1: the weight taken at a moment over that and {@code prior}. */
        float confidence(long nowMillis, float prior) {
            double weight = DecayedSum.at(total, nowMillis, ItemFeatures.RATE_HALF_LIFE_MILLIS);
            return (float) (weight / (weight + prior));
        }
    }

    /** @param slots heaviest first, as {@code shares} */
    void put(long queryKey, int[] slots, float[] shares, double heaviest) {
        // The heaviest is its share of the total: the difference of logarithms to base 2.
        double total = heaviest - Math.log(shares[0]) / Math.log(2);
        taken.putAndMoveToLast(queryKey, new Taken(slots, shares, total));
        if (taken.size() > CAPACITY) {
            taken.removeFirst();
        }
    }

    /** What was taken after a query; null where nothing is known of it. */
    @Nullable
    Taken after(long queryKey) {
        return taken.get(queryKey);
    }
}
