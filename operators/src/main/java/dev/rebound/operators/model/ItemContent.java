package dev.rebound.operators.model;

import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.TermWeights;

/**
 * What an item is about as rows of a model's content table: its terms (words of title, brand and category, attributes) and
 * its price level, hashed (Weinberger, Dasgupta, Langford, Smola, Attenberg, "Feature Hashing for Large Scale Multitask
 * Learning", ICML 2009). The same for training and serving.
 */
public final class ItemContent {
    /** Rows of the table; row 0 is for nothing. */
    public static final int ROWS = 1 << 14;

    /** Most rows an item. */
    public static final int MOST = 32;

    /** Price levels a unit of the logarithm: prices of one level differ by less than two thirds. */
    private static final float LEVELS = 2;

    private static final int PRICE = 0x9E3779B9;

    private ItemContent() {}

    /**
     * Writes the rows of an item.
     *
     * @param terms of the table that the item is from
     * @param out receives them, at least {@link #MOST} long
     * @return how many they are
     */
    public static int rows(Item item, TermWeights terms, int[] out) {
        int count = 0;
        if (!Float.isNaN(item.logPrice)) {
            out[count++] = row(PRICE + priceLevel(item));
        }
        for (int n = 0; n < item.terms.length && count < MOST; n++) {
            out[count++] = row(terms.hash(item.terms[n]));
        }
        return count;
    }

    static int priceLevel(Item item) {
        return Float.isNaN(item.logPrice) ? -1 : Math.round(item.logPrice * LEVELS);
    }

    /** Mixed first: neighbouring price levels shall not be neighbouring rows of terms. */
    private static int row(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x45d9f3b;
        return 1 + Integer.remainderUnsigned(mixed ^ (mixed >>> 15), ROWS - 1);
    }
}
