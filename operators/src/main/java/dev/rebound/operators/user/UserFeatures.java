package dev.rebound.operators.user;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.schemas.EventType;
import java.io.Serializable;
import java.time.Duration;

/** How an event changes what is known of a user. Pure: no Flink, no clock but the events'. */
public final class UserFeatures implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A longer pause begins a new session. */
    public static final long SESSION_GAP_MILLIS = Duration.ofMinutes(30).toMillis();

    /** Most items of a session that others are told. */
    public static final int SESSION_ITEMS = 20;

    /** How far back, in the user's items, an item counts as leading to the next one. */
    private static final int TRANSITION_DISTANCE = 2;

    private final long duplicateWindowMillis;
    private final long minIntervalMillis;

    /**
     * @param duplicateWindow how long event ids are remembered, in the user's event time
     * @param minInterval least event time between two events of a user that cause a recommendation
     */
    public UserFeatures(Duration duplicateWindow, Duration minInterval) {
        this.duplicateWindowMillis = duplicateWindow.toMillis();
        this.minIntervalMillis = minInterval.toMillis();
    }

    /** Notes the id of an event or request. Returns whether it was seen for the first time. */
    public boolean isNew(UserState state, UserSignal signal) {
        boolean advances = signal.kind == UserSignal.Kind.EVENT || state.lastEventMillis == Long.MIN_VALUE;
        long clock = advances ? Math.max(state.lastEventMillis, signal.timeMillis) : state.lastEventMillis;
        return state.duplicates.add(ItemKey.hash(signal.id) + signal.kind.ordinal(), clock, duplicateWindowMillis);
    }

    /** Names one session of one user. */
    public static long sessionKey(String userId, int session) {
        return ItemKey.hash(userId) + session;
    }

    /** The latest items of the user's current session, in the order in which they came. */
    public static long[] currentSession(UserState state) {
        RecentItems recent = state.recent;
        int size = 0;
        while (size < Math.min(SESSION_ITEMS, recent.size())
                && (size == 0 || recent.timeMillis(size - 1) - recent.timeMillis(size) <= SESSION_GAP_MILLIS)) {
            size++;
        }
        long[] items = new long[size];
        for (int n = 0; n < size; n++) {
            items[size - 1 - n] = recent.itemKey(n);
        }
        return items;
    }

    /** Applies an event that {@link #isNew} and tells the item stage what it means for items. */
    public void apply(UserState state, UserSignal event, ItemSignalCollector items) {
        countSession(state, event.timeMillis);
        state.counts[event.type]++;
        state.firstEventMillis = Math.min(state.firstEventMillis, event.timeMillis);
        state.lastEventMillis = Math.max(state.lastEventMillis, event.timeMillis);
        if (event.itemKey == ItemKey.NONE) {
            state.search.search(event);
            return;
        }
        items.interaction(event.itemKey, event.type, event.timeMillis);
        if (Interaction.isInterest(event.type)) {
            transitions(state.recent, event, items);
            if (state.search.leadsTo(event)) {
                state.search.choose(event, items);
            }
            state.recent.add(event.itemKey, event.type, event.timeMillis);
            state.shown.take(event.itemKey);
        } else if (Interaction.isImpression(event.type) && state.recent.lastMillis(event.itemKey) < event.timeMillis) {
            state.shown.show(event.itemKey, event.timeMillis);
        }
    }

    /** Notes what a request that {@link #isNew} searches for. */
    public void requested(UserState state, UserSignal request) {
        state.search.search(request);
    }

    /** Whether an applied event is due to cause a recommendation; if so notes that it did. */
    public boolean triggers(UserState state, UserSignal event) {
        if (event.type != EventType.SEARCH.ordinal() && !Interaction.isInterest(event.type)) {
            return false;
        }
        if (state.lastScoredMillis != Long.MIN_VALUE && event.timeMillis - state.lastScoredMillis < minIntervalMillis) {
            return false;
        }
        state.lastScoredMillis = event.timeMillis;
        return true;
    }

    private static void countSession(UserState state, long timeMillis) {
        if (state.lastEventMillis == Long.MIN_VALUE || timeMillis - state.lastEventMillis > SESSION_GAP_MILLIS) {
            state.sessions++;
        }
    }

    private static void transitions(RecentItems recent, UserSignal event, ItemSignalCollector items) {
        int distance = 0;
        for (int n = 0; n < recent.size() && distance < TRANSITION_DISTANCE; n++) {
            long gap = event.timeMillis - recent.timeMillis(n);
            if (gap < 0 || recent.itemKey(n) == event.itemKey) {
                continue;
            }
            if (gap > SESSION_GAP_MILLIS) {
                return;
            }
            distance++;
            items.transition(
                    recent.itemKey(n), event.itemKey, Interaction.weight(event.type) / distance, event.timeMillis);
        }
    }
}
