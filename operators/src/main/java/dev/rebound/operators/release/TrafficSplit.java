package dev.rebound.operators.release;

import dev.rebound.operators.item.ItemKey;

/**
 * Gives a share of the users to a version, always the same users: each user has a place in [0, 1) by a salted hash, and
 * those below the share are in. A larger share keeps them and adds others. Another version, by its salt, has other users.
 */
public final class TrafficSplit {
    /** Gives no user to anything. */
    public static final TrafficSplit NOBODY = new TrafficSplit("", 0);

    private static final double UNIT = 0x1.0p-53;

    private final long salt;
    private final double percent;

    /**
     * @param version whose users they are
     * @param percent of the users, 0 to 100
     */
    public TrafficSplit(String version, double percent) {
        this.salt = ItemKey.hash(version);
        this.percent = percent;
    }

    /** Of the users, 0 to 100. */
    public double percent() {
        return percent;
    }

    /** Whether a user is of the share. */
    public boolean has(String userId) {
        return percent > 0 && place(userId) < percent / 100;
    }

    /** The user's place, in [0, 1). */
    public double place(String userId) {
        return (mix(ItemKey.hash(userId) ^ salt) >>> 11) * UNIT;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mix(long z) {
        long h = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
        return h ^ (h >>> 31);
    }
}
