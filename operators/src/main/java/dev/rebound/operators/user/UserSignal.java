package dev.rebound.operators.user;

import dev.rebound.operators.campaigns.CampaignSignal;
import org.jspecify.annotations.Nullable;

/**
 * What reaches the user stage: a valid behaviour event or a valid recommendation request. One mutable class for both, so
 * that they share a stream keyed by user, and so that a source reuses one instance.
 */
public final class UserSignal {
    /** No partition of its own. */
    public static final int BY_USER = -1;

    private static final int[] NO_TERMS = {};

    /** Which of the two it is. */
    public enum Kind {
        EVENT,
        REQUEST
    }

    public Kind kind = Kind.EVENT;
    public String userId = "";
    /** The eventId or requestId. */
    public String id = "";
    /** Event time, or when the request was made; milliseconds. */
    public long timeMillis;
    /** Timestamp of a request's record, milliseconds; of an event 0. */
    public long recordMillis;
    /** Partition that the answer to a request goes to; {@link #BY_USER} for that of the user. */
    public int replyPartition = BY_USER;
    /** Ordinal of the EventType, or of the Scenario. */
    public int type;
    /** Item of the event, or context item of the request; ItemKey.NONE where there is none. */
    public long itemKey;

    /** Campaign that an event is about; ItemKey.NONE where there is none. */
    public long campaignKey;
    /** What a redemption cost the shop, in minor units, or {@link CampaignSignal#UNKNOWN_COST}. */
    public long costMinor = CampaignSignal.UNKNOWN_COST;

    public @Nullable String query;
    /** Hashes of what is searched for, by ingest.ItemTerms; empty where it is no search. */
    public int[] queryTerms = NO_TERMS;
    /** The request whose answer showed the item; null where the event says none. */
    public @Nullable String requestId;
    /** Keys of the items, in a CAMPAIGN request of the campaigns, to rank, in a request that brings its own candidates. */
    public long @Nullable [] candidates;
    /** How many items a request wants. */
    public int count;
    /** Whether a request wants to know what each feature contributed to the scores. */
    public boolean explain;

    /** The same in an instance of its own. */
    public UserSignal copy() {
        UserSignal copy = new UserSignal();
        copy.kind = kind;
        copy.userId = userId;
        copy.id = id;
        copy.timeMillis = timeMillis;
        copy.recordMillis = recordMillis;
        copy.replyPartition = replyPartition;
        copy.type = type;
        copy.itemKey = itemKey;
        copy.campaignKey = campaignKey;
        copy.costMinor = costMinor;
        copy.query = query;
        copy.queryTerms = queryTerms;
        copy.requestId = requestId;
        copy.candidates = candidates;
        copy.count = count;
        copy.explain = explain;
        return copy;
    }
}
