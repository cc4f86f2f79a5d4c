package dev.rebound.operators.item;

/**
 * A 64-bit stand-in for an item id, so that state and hot paths hold no strings. FNV-1a over the UTF-16 units (Fowler,
 * Noll, Vo) with the finaliser of MurmurHash3 (Appleby). At ten million items the chance that any two share a key is
 * about 3 in a million.
 */
public final class ItemKey {
    /** The key of no item. */
    public static final long NONE = 0L;

    private ItemKey() {}

    /** The key of an item id, or the hash of another name; never {@link #NONE}. */
    public static long of(CharSequence itemId) {
        long key = hash(itemId);
        return key == NONE ? 1L : key;
    }

    /** The same hash for other names: categories, brands, event ids. */
    public static long hash(CharSequence text) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
