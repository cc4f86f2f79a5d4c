package dev.rebound.operators.release.guard;

/** What became of one list within its attribution window: about 40 bytes, no user in it, never kept in state. */
public final class VersionOutcome {
    private static final long SALT = 0x9E3779B97F4A7C15L;

    /** The version that the list was scored by. */
    public String modelVersion = "";
    /** Evenly spread; see {@link #userHash(long)}. */
    public long userHash;
    /** Processing time at which the list was scored, milliseconds. */
    public long scoredMillis;
    /** Items that were seen. */
    public int impressions;
    /** Of those, items that were taken. */
    public int clicks;
    /** Of those, items that were put into the cart or bought. */
    public int conversions;

    /** A hash of a user that tells nothing of the arm that the user is in, whichever hash splits the traffic. */
    public static long userHash(long hashOfId) {
        long z = hashOfId ^ SALT;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
