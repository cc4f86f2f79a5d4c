package dev.rebound.operators.user;

import dev.rebound.operators.item.Interaction;

/**
 * Everything that is kept of a user, one value, read and written once an event. About 120 bytes, 17 for each of the
 * latest 50 interactions, 17 for each of the 64 items that were shown last, and 12 for each of the latest 32 event ids and of
 * those inside the duplicate window (at most 1,024): at most 14 KiB, typically under 1.5 KiB.
 */
public final class UserState {
    /** Unique events applied, by EventType ordinal. */
    public final int[] counts = new int[Interaction.types()];

    public final RecentItems recent = new RecentItems();
    public final ShownItems shown = new ShownItems();
    public final LastSearch search = new LastSearch();
    public final DuplicateWindow duplicates = new DuplicateWindow();
    /** Event time of the first event by time; {@link Long#MAX_VALUE} before there was one. */
    public long firstEventMillis = Long.MAX_VALUE;
    /** The user's clock: the greatest event time; {@link Long#MIN_VALUE} before there was one. */
    public long lastEventMillis = Long.MIN_VALUE;
    /** Event time of the event that last made the user be scored; {@link Long#MIN_VALUE} before there was one. */
    public long lastScoredMillis = Long.MIN_VALUE;
    /** Runs of events with no gap over {@link UserFeatures#SESSION_GAP_MILLIS}. */
    public int sessions;

    /** All events applied. */
    public long totalCount() {
        long total = 0;
        for (int count : counts) {
            total += count;
        }
        return total;
    }
}
