package dev.rebound.operators.item;

/** A 64-bit stand-in for the words of a query in any order, or for one of them: nobody can read the query from it. */
public final class QueryKey {
    private QueryKey() {}

    /** The key of one word by its hash: that of a query which is this word alone. */
    public static long of(int term) {
        long h = term * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }

    /** The key of all words together. */
    public static long of(int[] terms) {
        long key = 0;
        for (int term : terms) {
            key += of(term);
        }
        return key;
    }
}
