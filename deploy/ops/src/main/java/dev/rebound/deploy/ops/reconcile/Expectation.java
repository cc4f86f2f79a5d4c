package dev.rebound.deploy.ops.reconcile;

import dev.rebound.operators.ingest.Pseudonyms;
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
    private final Map<Cause, Integer> causes = new HashMap<>();
    private final Set<String> erasedUsers = new HashSet<>();
    private final Set<GivenFeedback> feedback = new HashSet<>();
    private final Map<String, Long> scoredMillisByUser = new HashMap<>();
    private final Map<Position, DeadLetterReason> deadLetters = new HashMap<>();
    private final CatalogTimeline catalog = new CatalogTimeline();
    private final long minIntervalMillis;
    private final Pseudonyms pseudonyms;
    private long eventsSent;
    private long uniqueEvents;
    private long erasedEvents;
    private long firstSentMillis = Long.MAX_VALUE;

    /** What must come out of a job that knows users by their own ids. */
    public Expectation(Duration minInterval) {
        this(minInterval, Pseudonyms.none());
    }

    /**
     * @param minInterval the job's least event time between two events of a user that cause a recommendation
     * @param pseudonyms by which the job knows users; opened by the caller
     */
    public Expectation(Duration minInterval, Pseudonyms pseudonyms) {
        this.minIntervalMillis = minInterval.toMillis();
        this.pseudonyms = pseudonyms;
    }

    /** What an event says of an item that an answer showed. */
    record GivenFeedback(String requestId, String itemId, EventType type) {}

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
        String user = pseudonyms.of(event.getUserId());
        if (!eventIdsByUser.computeIfAbsent(user, u -> new HashSet<>()).add(event.getEventId())) {
            return;
        }
        uniqueEvents++;
        if (event.getType() == EventType.ERASE_USER) {
            // Nothing of a user is remembered then, the ids of events neither.
            Map<EventType, Long> forgotten = countsByUser.remove(user);
            eventIdsByUser.remove(user);
            scoredMillisByUser.remove(user);
            erasedUsers.add(user);
            erasedEvents += 1 + (forgotten == null ? 0 : sum(forgotten));
            return;
        }
        countsByUser.computeIfAbsent(user, u -> new EnumMap<>(EventType.class)).merge(event.getType(), 1L, Long::sum);
        if (event.getRequestId() != null && event.getItemId() != null) {
            feedback.add(new GivenFeedback(event.getRequestId(), event.getItemId(), event.getType()));
        }
        if (event.getType() != EventType.IMPRESSION) {
            score(event, user);
        }
    }

    private void score(BehaviourEvent event, String user) {
        Long last = scoredMillisByUser.get(user);
        if (last == null || event.getEventTime() - last >= minIntervalMillis) {
            scoredMillisByUser.put(user, event.getEventTime());
            causes.merge(Cause.event(user, event.getEventId()), 1, Integer::sum);
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
        causes.put(Cause.request(pseudonyms.of(request.getUserId()), request.getRequestId()), 1);
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
        return causes.keySet();
    }

    /** How often it must have done so: more than once where its user was erased and it then came again. */
    int times(Cause cause) {
        return causes.getOrDefault(cause, 0);
    }

    /** Users whose tombstones must be there. */
    Set<String> erasedUsers() {
        return erasedUsers;
    }

    /** What training examples may say. */
    Set<GivenFeedback> feedback() {
        return feedback;
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
