package dev.rebound.deploy.ops.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What must come out, computed from the inputs one record after the other, in the order of each partition. Holds every
 * event id, about 100 bytes an event.
 */
public final class Expectation {
    private final RecordCodec<BehaviourEvent> eventCodec = RecordCodec.of(BehaviourEvent.class);
    private final RecordCodec<RecommendationRequest> requestCodec = RecordCodec.of(RecommendationRequest.class);
    private final RecordCodec<CatalogItem> itemCodec = RecordCodec.of(CatalogItem.class);
    private final Map<String, Set<String>> eventIdsByUser = new HashMap<>();
    private final Map<String, Map<EventType, Long>> countsByUser = new HashMap<>();
    private final Set<String> requestIds = new HashSet<>();
    private final Set<Cause> causes = new HashSet<>();
    private final Map<String, Long> scoredMillisByUser = new HashMap<>();
    private final Map<Position, DeadLetterReason> deadLetters = new HashMap<>();
    private final CatalogTimeline catalog = new CatalogTimeline();
    private final long minIntervalMillis;
    private long eventsSent;
    private long uniqueEvents;
    private long erasedEvents;
    private long firstSentMillis = Long.MAX_VALUE;

    /** @param minInterval the job's least event time between two events of a user that cause a recommendation */
    public Expectation(Duration minInterval) {
        this.minIntervalMillis = minInterval.toMillis();
    }

    /** Takes a record of behaviour-events. */
    public void event(ConsumerRecord<byte[], byte[]> record) {
        eventsSent++;
        firstSentMillis = Math.min(firstSentMillis, record.timestamp());
        try {
            BehaviourEvent event = eventCodec.decode(record.value(), null);
            InputContract.refusal(event, record.timestamp())
                    .ifPresentOrElse(reason -> deadLetters.put(Position.of(record), reason), () -> count(event));
        } catch (UndecodableRecordException e) {
            deadLetters.put(Position.of(record), e.reason());
        }
    }

    private void count(BehaviourEvent event) {
        String user = event.getUserId();
        if (!eventIdsByUser.computeIfAbsent(user, u -> new HashSet<>()).add(event.getEventId())) {
            return;
        }
        uniqueEvents++;
        if (event.getType() == EventType.ERASE_USER) {
            // Nothing of a user is remembered then, the ids of events neither.
            Map<EventType, Long> forgotten = countsByUser.remove(user);
            eventIdsByUser.remove(user);
            scoredMillisByUser.remove(user);
            erasedEvents += 1 + (forgotten == null ? 0 : sum(forgotten));
            return;
        }
        countsByUser.computeIfAbsent(user, u -> new EnumMap<>(EventType.class)).merge(event.getType(), 1L, Long::sum);
        if (event.getType() != EventType.IMPRESSION) {
            score(event);
        }
    }

    private void score(BehaviourEvent event) {
        Long last = scoredMillisByUser.get(event.getUserId());
        if (last == null || event.getEventTime() - last >= minIntervalMillis) {
            scoredMillisByUser.put(event.getUserId(), event.getEventTime());
            causes.add(Cause.event(event.getUserId(), event.getEventId()));
        }
    }

    /** Takes a record of recommendation-requests. */
    public void request(ConsumerRecord<byte[], byte[]> record) {
        try {
            RecommendationRequest request = requestCodec.decode(record.value(), null);
            InputContract.refusal(request, record.timestamp())
                    .ifPresentOrElse(reason -> deadLetters.put(Position.of(record), reason), () -> expect(request));
        } catch (UndecodableRecordException e) {
            deadLetters.put(Position.of(record), e.reason());
        }
    }

    private void expect(RecommendationRequest request) {
        requestIds.add(request.getRequestId());
        causes.add(Cause.request(request.getUserId(), request.getRequestId()));
    }

    /** Takes a record of catalog-updates. */
    public void catalog(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            catalog.change(new String(record.key(), StandardCharsets.UTF_8), record.timestamp(), false);
            return;
        }
        try {
            CatalogItem item = itemCodec.decode(record.value(), null);
            InputContract.refusal(item, record.timestamp())
                    .ifPresentOrElse(
                            reason -> deadLetters.put(Position.of(record), reason),
                            () -> catalog.change(item.getItemId(), record.timestamp(), item.getAvailable()));
        } catch (UndecodableRecordException e) {
            deadLetters.put(Position.of(record), e.reason());
        }
    }

    static long sum(Map<EventType, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How often each user must have done what. */
    Map<String, Map<EventType, Long>> countsByUser() {
        return countsByUser;
    }

    Set<String> requestIds() {
        return requestIds;
    }

    /** What must have caused a recommendation. */
    Set<Cause> causes() {
        return causes;
    }

    Map<Position, DeadLetterReason> deadLetters() {
        return deadLetters;
    }

    CatalogTimeline catalog() {
        return catalog;
    }

    long eventsSent() {
        return eventsSent;
    }

    long uniqueEvents() {
        return uniqueEvents;
    }

    /** Unique events that an ERASE_USER has made to be forgotten, itself counted in. */
    long erasedEvents() {
        return erasedEvents;
    }

    /** Broker time of the first event; Long.MAX_VALUE without events. */
    long firstSentMillis() {
        return firstSentMillis;
    }
}
