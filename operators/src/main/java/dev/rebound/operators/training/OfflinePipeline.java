package dev.rebound.operators.training;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.Neighbours;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserState;
import dev.rebound.schemas.EventType;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The user and item stages of the job with their state in memory, for one thread: the same feature code, without Flink,
 * for training and evaluation.
 */
public final class OfflinePipeline {
    private static final Duration DUPLICATE_WINDOW = Duration.ofHours(6);
    private static final int SIGNALS_BETWEEN_POPULARITY = 1000;
    private static final int SESSIONS = 200_000;

    private static final ItemSignalCollector NOTHING = new ItemSignalCollector() {
        @Override
        public void interaction(long itemKey, int type, long timeMillis) {}

        @Override
        public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {}

        @Override
        public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {}
    };

    private final UserFeatures userFeatures = new UserFeatures(DUPLICATE_WINDOW, Duration.ZERO);
    private final Map<String, UserState> users = new HashMap<>();
    private final Long2ObjectOpenHashMap<ItemState> items = new Long2ObjectOpenHashMap<>();
    private final Long2ObjectOpenHashMap<Neighbours> queries = new Long2ObjectOpenHashMap<>();
    private final ItemTable table = new ItemTable();
    private final PopularItems popular = new PopularItems();
    private final SessionIndex sessions = new SessionIndex(SESSIONS);
    private final Learning learning = new Learning();
    private final DeferredLearning deferred = new DeferredLearning(learning::learn);
    private long signals;

    /** Learns a catalog change. */
    public void catalog(ItemSignal signal) {
        learning.learn(signal);
    }

    /** What is known of a user, a new one too. */
    public UserState user(String userId) {
        return users.computeIfAbsent(userId, id -> new UserState());
    }

    /** Notes an event's id; false if it must not be learned: a duplicate, or an erasure, which forgets its user. */
    public boolean isNew(UserSignal event) {
        if (signals++ % SIGNALS_BETWEEN_POPULARITY == 0) {
            popular.make(table);
        }
        if (!userFeatures.isNew(user(event.userId), event)) {
            return false;
        }
        if (event.type == EventType.ERASE_USER.ordinal()) {
            users.remove(event.userId);
            return false;
        }
        return true;
    }

    /** Notes what a request searches for. */
    public void request(UserSignal request) {
        userFeatures.requested(user(request.userId), request);
    }

    /** Learns an event that {@link #isNew}. */
    public void learn(UserSignal event) {
        UserState user = user(event.userId);
        userFeatures.apply(user, event, learning);
        int slot = visited(event);
        if (slot != ItemTable.NO_SLOT) {
            sessions.append(UserFeatures.sessionKey(event.userId, user.sessions), slot);
        }
    }

    /** The same, but items learn of it only when its session is over. */
    public void learnAfterSession(UserSignal event) {
        UserState user = user(event.userId);
        DeferredLearning.Waiting later = deferred.of(event.userId, event.timeMillis);
        userFeatures.apply(user, event, later);
        int slot = visited(event);
        if (slot != ItemTable.NO_SLOT) {
            long session = UserFeatures.sessionKey(event.userId, user.sessions);
            later.whenLearned(() -> sessions.append(session, slot));
        }
    }

    private int visited(UserSignal event) {
        return Interaction.isInterest(event.type) ? table.slot(event.itemKey) : ItemTable.NO_SLOT;
    }

    /** Adds an event that {@link #isNew} to its user's own history, and lets items know nothing of it. */
    public void observe(UserSignal event) {
        userFeatures.apply(user(event.userId), event, NOTHING);
    }

    public ItemTable table() {
        return table;
    }

    public PopularItems popular() {
        return popular;
    }

    public SessionIndex sessions() {
        return sessions;
    }

    /** Ids of the catalog's items, those with the most popularity now first. */
    public List<String> itemIdsByPopularity() {
        return items.values().stream()
                .filter(item -> item.entry != null)
                .sorted((a, b) -> Double.compare(b.popularity, a.popularity))
                .map(item -> Objects.requireNonNull(item.entry).itemId())
                .toList();
    }

    /** Applies signals to items at once. */
    private final class Learning implements ItemSignalCollector {
        private final ItemSignal signal = new ItemSignal();

        @Override
        public void interaction(long itemKey, int type, long timeMillis) {
            signal.interaction(itemKey, type, timeMillis);
            learn(signal);
        }

        @Override
        public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {
            signal.transition(fromItemKey, toItemKey, weight, timeMillis);
            learn(signal);
        }

        @Override
        public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {
            signal.queryChoice(queryKey, itemKey, weight, timeMillis);
            learn(signal);
        }

        void learn(ItemSignal applied) {
            if (applied.kind == ItemSignal.Kind.QUERY) {
                Neighbours taken = queries.computeIfAbsent(applied.itemKey, key -> new Neighbours());
                ItemFeatures.applyChoice(taken, applied);
                table.updateQuery(applied.itemKey, taken);
                return;
            }
            ItemState item = items.computeIfAbsent(applied.itemKey, key -> new ItemState());
            ItemFeatures.apply(item, applied);
            if (item.entry != null) {
                table.update(applied.itemKey, item);
            }
        }
    }
}
