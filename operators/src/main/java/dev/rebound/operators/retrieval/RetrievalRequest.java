package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserFeatures;
import org.jspecify.annotations.Nullable;

/** For whom items are retrieved, and what for. Mutable, used again for the next user; copies nothing. */
public final class RetrievalRequest {
    private static final int[] NO_QUERY = {};
    private static final long NO_SESSION = 0;

    RecentItems items = new RecentItems();
    RecentSlots slots = new RecentSlots();
    UserInterests interests = new UserInterests();
    EmbeddingMatches embeddings = EmbeddingMatches.NONE;
    /** Key of the user's current session. */
    long ownSession = NO_SESSION;
    /** Item of the page, or {@link ItemKey#NONE}. */
    long contextKey = ItemKey.NONE;
    /** Item keys that alone may be ranked, or null. */
    long @Nullable [] only;
    /** Hashes of the words that are searched for; empty where nothing is. */
    int[] query = NO_QUERY;
    /** Event time of the moment. */
    long nowMillis;

    /**
     * Begins with a user, and asks for nothing more than items for the user.
     *
     * @param recent the user's recent interactions
     * @param recentSlots of the same interactions
     * @param ofUser interests of the same user and moment
     * @param atMillis event time of the moment
     */
    public RetrievalRequest user(RecentItems recent, RecentSlots recentSlots, UserInterests ofUser, long atMillis) {
        items = recent;
        slots = recentSlots;
        interests = ofUser;
        nowMillis = atMillis;
        embeddings = EmbeddingMatches.NONE;
        ownSession = NO_SESSION;
        contextKey = ItemKey.NONE;
        only = null;
        query = NO_QUERY;
        return this;
    }

    /** Begins with the user of a task and asks for what the task wants. */
    public RetrievalRequest task(ScoringTask task, RecentSlots recentSlots, UserInterests ofUser) {
        user(task.recent, recentSlots, ofUser, task.timeMillis);
        ownSession = UserFeatures.sessionKey(task.userId, task.sessions);
        contextKey = task.contextItemKey;
        only = task.candidateItems();
        query = task.queryTerms;
        return this;
    }

    /** Adds how items fit the same user by the model's vectors. */
    public RetrievalRequest near(EmbeddingMatches matches) {
        embeddings = matches;
        return this;
    }
}
