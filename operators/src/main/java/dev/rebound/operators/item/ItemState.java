package dev.rebound.operators.item;

import org.jspecify.annotations.Nullable;

/**
 * Everything that is kept of an item, one value: what the catalog says (about 60 bytes, 4 for each of at most 48 terms and 8
 * for each of at most 8 numeric attributes), decayed counters (48) and its neighbours (16 each, at most 40): at most 1 KiB.
 * The counters are {@link DecayedSum}s.
 */
public final class ItemState {
    /** Whether the catalog does not have it, and nothing was done with it from a time on. */
    boolean isUnlistedSince(long timeMillis) {
        boolean listed = entry != null && (!entry.isRemoved() || entry.updatedMillis() >= timeMillis);
        return !listed && newestMillis < timeMillis;
    }

    /** Null while only events have named the item. */
    public @Nullable CatalogEntry entry;

    public final Neighbours neighbours = new Neighbours();
    /** First event or catalog time; {@link Long#MAX_VALUE} before there was one. */
    public long firstSeenMillis = Long.MAX_VALUE;
    /** Time of the newest event; {@link Long#MIN_VALUE} before there was one. */
    public long newestMillis = Long.MIN_VALUE;
    /** Weighted interest with the half-life of popularity. */
    public double popularity = DecayedSum.EMPTY;
    /** Impressions and views, with the half-life of rates. */
    public double exposures = DecayedSum.EMPTY;
    /** Clicks, favourites, carts and purchases, with the half-life of rates. */
    public double actions = DecayedSum.EMPTY;
    /** Carts and purchases, with the half-life of rates. */
    public double conversions = DecayedSum.EMPTY;
}
