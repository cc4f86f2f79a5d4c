package dev.rebound.operators.user;

import dev.rebound.operators.item.Interaction;
import dev.rebound.schemas.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * What the user stage has the scoring stage do: a user's features of the moment, and what is to be made of them. Profiles
 * and erasures come along unscored, since they must not overtake the user's recommendations before them.
 */
public final class ScoringTask {
    /** What is to be made. */
    public enum Kind {
        /** Scored: a recommendation because of an event. */
        EVENT,
        /** Scored: a recommendation because a page asked. */
        REQUEST,
        /** Not scored: the user's profile. */
        PROFILE,
        /** Not scored: the tombstones of the user's profile and recommendations. */
        ERASURE,
        /** Not scored: the tombstone of the profile of a user who is no longer kept. */
        EXPIRY
    }

    // Not in an operator or serializer: those are loaded in the JobManager too, where Avro's classes, once initialised,
    // hold
    // on to the job's class loader for as long as Flink's threads live.
    private static final Scenario[] SCENARIOS = Scenario.values();

    private static final int[] NO_TERMS = {};

    public Kind kind = Kind.EVENT;
    public String userId = "";
    /** The eventId or requestId; empty for a profile. */
    public String triggerId = "";

    public Scenario scenario = Scenario.HOME;
    /** Item of the page; ItemKey.NONE where there is none. */
    public long contextItemKey;

    /** Keys of items, or of campaigns in a CAMPAIGN request. */
    public long @Nullable [] candidates;
    /** Items wanted. */
    public int count;
    /** Whether the answer shall tell what each feature contributed to the scores. */
    public boolean explain;
    /** Event time of the trigger, milliseconds: the moment that features are taken at. */
    public long timeMillis;
    /** Timestamp of the request's record, milliseconds; 0 where there is none, or it is unknown. */
    public long recordMillis;
    /** Partition that the answer to a request goes to; {@link UserSignal#BY_USER} for that of the user. */
    public int replyPartition = UserSignal.BY_USER;

    public final int[] eventCounts = new int[Interaction.types()];
    public final RecentItems recent = new RecentItems();
    public final ShownItems shown = new ShownItems();
    public long firstEventMillis;
    public long lastEventMillis;
    public int sessions;
    /** Of a CAMPAIGN request: what the user was shown and has redeemed; null for nothing. */
    public @Nullable UserCampaigns campaigns;
    /** What a SEARCH request asks for, in the user's words; null where it is none. */
    public @Nullable String query;
    /** The same as hashes, by ingest.ItemTerms. */
    public int[] queryTerms = NO_TERMS;

    /** The items to rank that came with the request; null where there are none, as in one that ranks campaigns. */
    public long @Nullable [] candidateItems() {
        return scenario == Scenario.CAMPAIGN ? null : candidates;
    }

    /** The scenario of an ordinal. */
    public static Scenario scenario(int ordinal) {
        return SCENARIOS[ordinal];
    }

    /** Takes over the features of a user. */
    public void features(UserState state) {
        System.arraycopy(state.counts, 0, eventCounts, 0, eventCounts.length);
        recent.copyFrom(state.recent);
        shown.copyFrom(state.shown);
        firstEventMillis = state.firstEventMillis;
        lastEventMillis = state.lastEventMillis;
        sessions = state.sessions;
    }

    /** Takes over what a request searches for; an event is no request, whatever it says. */
    public void searchOf(UserSignal cause) {
        boolean searches = cause.kind == UserSignal.Kind.REQUEST && scenario(cause.type) == Scenario.SEARCH;
        query = searches ? cause.query : null;
        queryTerms = searches ? cause.queryTerms : NO_TERMS;
    }

    /** Searches for nothing. */
    public void noSearch() {
        query = null;
        queryTerms = NO_TERMS;
    }

    /** Events of the user so far. */
    public long totalEvents() {
        long total = 0;
        for (int count : eventCounts) {
            total += count;
        }
        return total;
    }
}
