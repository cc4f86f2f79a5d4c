package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What must come out, computed from the inputs one record after the other, in the order of each partition. 16 bytes an
 * event, 200 an event that causes a recommendation, and {@link KnownUser}.
 */
final class Expectation {
    private static final long BOUGHT_REST_MILLIS = Duration.ofHours(1).toMillis();

    private final RecordCodec<BehaviourEvent> eventCodec = RecordCodec.of(BehaviourEvent.class);
    private final RecordCodec<RecommendationRequest> requestCodec = RecordCodec.of(RecommendationRequest.class);
    private final RecordCodec<CatalogItem> itemCodec = RecordCodec.of(CatalogItem.class);
    private final Fingerprint fingerprint = new Fingerprint();
    private final Map<String, KnownUser> users = new Object2ObjectOpenHashMap<>();
    private final Map<String, KnownUser> usersByRequest = new Object2ObjectOpenHashMap<>();
    private final Set<String> erasedUsers = new HashSet<>();
    private final Map<Position, Refusal> deadLetters = new HashMap<>();
    private final ReadOffsets read = new ReadOffsets();
    private final GoneRecords goneEvents = new GoneRecords("input");
    private final GoneRecords goneRequests = new GoneRecords("input");
    private final CatalogTimeline catalog = new CatalogTimeline();
    private final EventClock clock = new EventClock();
    private final LongOpenHashSet requestSeconds = new LongOpenHashSet();
    private final UserNames names;
    private JobTerms terms;
    private long eventsSent;
    private long uniqueEvents;
    private long erasedEvents;
    private long firstSentMillis = Long.MAX_VALUE;

    /** @param names by which the job knows users */
    Expectation(JobTerms terms, UserNames names) {
        this.terms = terms;
        this.names = names;
    }

    /** From now on the job has other terms. */
    void follow(JobTerms next) {
        terms = next;
    }

    JobTerms terms() {
        return terms;
    }

    /** Takes a record of behaviour-events. */
    void event(ConsumerRecord<byte[], byte[]> record) {
        eventsSent++;
        firstSentMillis = Math.min(firstSentMillis, record.timestamp());
        read.add(record);
        goneEvents.read(record);
        try {
            BehaviourEvent event = eventCodec.decode(record.value(), null);
            Optional<DeadLetterReason> refusal = InputContract.refusal(event, record.timestamp());
            event.setEventTime(InputContract.notAhead(event.getEventTime(), record.timestamp()));
            refusal.ifPresentOrElse(reason -> refuse(record, reason), () -> count(event, record));
        } catch (UndecodableRecordException e) {
            refuse(record, e.reason());
        }
    }

    /**
     * Why a record must be refused.
     *
     * @param content a hash of its bytes
     */
    record Refusal(DeadLetterReason reason, int content) {}

    private void refuse(ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason) {
        deadLetters.put(Position.of(record), new Refusal(reason, WrittenLetter.content(record.value())));
    }

    private void count(BehaviourEvent event, ConsumerRecord<byte[], byte[]> record) {
        KnownUser user = user(names.of(event.getUserId()));
        user.at(record.partition());
        clock.see(record.timestamp(), event.getEventTime());
        if (user.knows(fingerprint.of(event.getEventId()))) {
            return;
        }
        uniqueEvents++;
        if (event.getType() == EventType.ERASE_USER) {
            // Nothing of a user is remembered then, the ids of events neither.
            erasedEvents += 1 + user.erase();
            erasedUsers.add(user.name);
            return;
        }
        String itemId = itemOf(event);
        user.count(event, itemId, record.timestamp());
        if (event.getRequestId() != null && itemId != null) {
            user.byRequest(event.getRequestId())
                    .add(new ExpectedList.Feedback(itemId, event.getType(), event.getEventTime(), record.timestamp()));
        }
        if (user.triggers(event, terms.minIntervalMillis())) {
            List<String> bought = user.recent.boughtWithin(BOUGHT_REST_MILLIS, event.getEventTime());
            user.byEvent(event.getEventId()).caused(record.timestamp(), terms.listLength(), bought);
        }
    }

    /** A search is about no item, whatever it carries. Interned: a few thousand ids stand in millions of events. */
    private static @Nullable String itemOf(BehaviourEvent event) {
        return event.getType() == EventType.SEARCH || event.getItemId() == null
                ? null
                : event.getItemId().intern();
    }

    private KnownUser user(String name) {
        return users.computeIfAbsent(name, KnownUser::new);
    }

    /** Takes a record of recommendation-requests. */
    void request(ConsumerRecord<byte[], byte[]> record) {
        read.add(record);
        goneRequests.read(record);
        try {
            RecommendationRequest request = requestCodec.decode(record.value(), null);
            Optional<DeadLetterReason> refusal = InputContract.refusal(request, record.timestamp());
            request.setRequestedAt(InputContract.notAhead(request.getRequestedAt(), record.timestamp()));
            refusal.ifPresentOrElse(reason -> refuse(record, reason), () -> expect(request, record.timestamp()));
        } catch (UndecodableRecordException e) {
            refuse(record, e.reason());
        }
    }

    private void expect(RecommendationRequest request, long brokerMillis) {
        KnownUser user = user(names.of(request.getUserId()));
        clock.see(brokerMillis, request.getRequestedAt());
        requestSeconds.add(Standstills.second(brokerMillis));
        user.byRequest(request.getRequestId()).requested(request, brokerMillis);
        usersByRequest.put(request.getRequestId(), user);
    }

    /** Takes a record of catalog-updates. */
    void catalog(ConsumerRecord<byte[], byte[]> record) {
        if (read.add(record)) {
            catalog.missingBefore(record.timestamp(), record.topic() + "-" + record.partition());
        }
        if (record.value() == null) {
            remove(record);
            return;
        }
        try {
            CatalogItem item = itemCodec.decode(record.value(), null);
            Optional<DeadLetterReason> refusal = InputContract.refusal(item, record.timestamp());
            item.setUpdatedAt(InputContract.notAhead(item.getUpdatedAt(), record.timestamp()));
            refusal.ifPresentOrElse(reason -> refuse(record, reason), () -> change(item, record.timestamp()));
        } catch (UndecodableRecordException e) {
            refuse(record, e.reason());
        }
    }

    private void remove(ConsumerRecord<byte[], byte[]> record) {
        String itemId = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        InputContract.refusalOfItemId(itemId)
                .ifPresentOrElse(reason -> refuse(record, reason), () -> catalog.remove(itemId, record.timestamp()));
    }

    private void change(CatalogItem item, long brokerMillis) {
        List<String> path = item.getCategoryPath();
        CatalogTimeline.Version version = new CatalogTimeline.Version(
                item.getAvailable(),
                path.isEmpty() ? null : path.get(path.size() - 1).intern(),
                item.getBrand() == null ? null : item.getBrand().intern(),
                item.getPriceMinor() == null ? 0 : item.getPriceMinor());
        catalog.change(item.getItemId(), brokerMillis, item.getUpdatedAt(), version);
    }

    Collection<KnownUser> users() {
        return users.values();
    }

    Optional<KnownUser> find(String userName) {
        return Optional.ofNullable(users.get(userName));
    }

    /** Whether all events of a user could be read. */
    boolean isWhole(KnownUser user) {
        return goneEvents.isEmpty() || (user.hasEvents() && !user.hasMoved() && !goneEvents.of(user.partition()));
    }

    /** The same of whoever has no events among those that could. */
    boolean isWhole(String userName) {
        return find(userName).map(this::isWhole).orElse(goneEvents.isEmpty());
    }

    /** Who made which request, by its id. */
    Map<String, KnownUser> usersByRequest() {
        return usersByRequest;
    }

    /** Users whose tombstones must be there. */
    Set<String> erasedUsers() {
        return erasedUsers;
    }

    Map<Position, Refusal> deadLetters() {
        return deadLetters;
    }

    /** Which records of the inputs these expectations are made of. */
    ReadOffsets read() {
        return read;
    }

    GoneRecords goneEvents() {
        return goneEvents;
    }

    GoneRecords goneRequests() {
        return goneRequests;
    }

    CatalogTimeline catalog() {
        return catalog;
    }

    /** In which requests came, 8 bytes each. */
    LongSet requestSeconds() {
        return requestSeconds;
    }

    EventClock clock() {
        return clock;
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
