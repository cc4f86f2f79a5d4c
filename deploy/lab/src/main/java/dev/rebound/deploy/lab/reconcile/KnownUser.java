package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the inputs say of a user, event after event. About 500 bytes, 16 for each event id, and what is expected of each
 * list.
 */
final class KnownUser {
    private static final long SESSION_GAP_MILLIS = Duration.ofMinutes(30).toMillis();
    private static final int TYPES = EventType.values().length;
    private static final int UNSEEN = -1;

    final String name;
    /** By the request or event that asks for them. */
    final Map<String, ExpectedList> byRequest = new Object2ObjectOpenHashMap<>(2);

    final Map<String, ExpectedList> byEvent = new Object2ObjectOpenHashMap<>(2);

    final long[] counts = new long[TYPES];
    RecentInteractions recent = new RecentInteractions();
    long sessions;
    long firstMillis = Long.MAX_VALUE;
    long lastMillis = Long.MIN_VALUE;
    /** When the broker got the latest event. */
    long lastBrokerMillis = Long.MIN_VALUE;

    int erasures;
    private LongOpenHashSet eventIds = new LongOpenHashSet(4);
    private long scoredMillis = Long.MIN_VALUE;
    private int partition = UNSEEN;
    private boolean moved;

    KnownUser(String name) {
        this.name = name;
    }

    /** Notes where an event stands. */
    void at(int partitionOfEvent) {
        moved |= partition != UNSEEN && partition != partitionOfEvent;
        partition = partitionOfEvent;
    }

    boolean hasEvents() {
        return partition != UNSEEN;
    }

    int partition() {
        return partition;
    }

    /** Whether the order of the events is not known, because they are in several partitions. */
    boolean hasMoved() {
        return moved;
    }

    /** Notes the id of an event. Returns whether it is new. */
    boolean knows(long eventId) {
        return !eventIds.add(eventId);
    }

    /** Forgets all that an erasure makes to be forgotten. Returns how many events that were. */
    long erase() {
        long forgotten = total();
        Arrays.fill(counts, 0);
        recent = new RecentInteractions();
        eventIds = new LongOpenHashSet(4);
        sessions = 0;
        firstMillis = Long.MAX_VALUE;
        lastMillis = Long.MIN_VALUE;
        scoredMillis = Long.MIN_VALUE;
        erasures++;
        return forgotten;
    }

    void count(BehaviourEvent event, @Nullable String itemId, long brokerMillis) {
        long millis = event.getEventTime();
        if (lastMillis == Long.MIN_VALUE || millis - lastMillis > SESSION_GAP_MILLIS) {
            sessions++;
        }
        counts[event.getType().ordinal()]++;
        firstMillis = Math.min(firstMillis, millis);
        lastMillis = Math.max(lastMillis, millis);
        lastBrokerMillis = brokerMillis;
        if (itemId != null && Interest.takes(event.getType())) {
            recent.add(new RecentInteractions.Interaction(itemId, event.getType(), millis));
        }
    }

    /** Whether an event causes a recommendation; if so notes that it did. */
    boolean triggers(BehaviourEvent event, long minIntervalMillis) {
        boolean due = scoredMillis == Long.MIN_VALUE || event.getEventTime() - scoredMillis >= minIntervalMillis;
        if (event.getType() == EventType.IMPRESSION || !due) {
            return false;
        }
        scoredMillis = event.getEventTime();
        return true;
    }

    long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    ExpectedList byRequest(String requestId) {
        return byRequest.computeIfAbsent(requestId, id -> new ExpectedList(this, true, id));
    }

    ExpectedList byEvent(String eventId) {
        return byEvent.computeIfAbsent(eventId, id -> new ExpectedList(this, false, id));
    }

    @Override
    public String toString() {
        return Masked.user(name);
    }
}
