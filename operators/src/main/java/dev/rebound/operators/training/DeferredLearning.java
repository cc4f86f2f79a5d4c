package dev.rebound.operators.training;

import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.user.UserFeatures;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps what events mean for items until the session that they belong to is over. */
final class DeferredLearning {
    /** By user, the one with the latest event last. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    private final Consumer<ItemSignal> items;

    /** One user's signals, and what else is to be done when they are learned. */
    static final class Waiting implements ItemSignalCollector {
        private final List<ItemSignal> signals = new ArrayList<>();
        private final List<Runnable> more = new ArrayList<>();
        private long newestMillis;

        void whenLearned(Runnable action) {
            more.add(action);
        }

        @Override
        public void interaction(long itemKey, int type, long timeMillis) {
            signals.add(new ItemSignal().interaction(itemKey, type, timeMillis));
        }

        @Override
        public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {
            signals.add(new ItemSignal().transition(fromItemKey, toItemKey, weight, timeMillis));
        }

        @Override
        public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {
            signals.add(new ItemSignal().queryChoice(queryKey, itemKey, weight, timeMillis));
        }
    }

    /** @param items learns a signal */
    DeferredLearning(Consumer<ItemSignal> items) {
        this.items = items;
    }

    /** Where the signals of a user's event wait, once what is older than a session's gap has been learned. */
    Waiting of(String userId, long timeMillis) {
        learnUntil(timeMillis - UserFeatures.SESSION_GAP_MILLIS);
        Waiting own = waiting.remove(userId);
        if (own == null) {
            own = new Waiting();
        }
        own.newestMillis = Math.max(own.newestMillis, timeMillis);
        waiting.put(userId, own);
        return own;
    }

    private void learnUntil(long millis) {
        Iterator<Waiting> users = waiting.values().iterator();
        while (users.hasNext()) {
            Waiting user = users.next();
            if (user.newestMillis > millis) {
                return;
            }
            user.signals.forEach(items);
            user.more.forEach(Runnable::run);
            users.remove();
        }
    }
}
