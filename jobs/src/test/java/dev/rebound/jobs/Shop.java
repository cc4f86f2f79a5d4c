package dev.rebound.jobs;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CampaignKind;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A small shop for tests: its catalog, its events with duplicates and corrupt ones, and what must come out. */
final class Shop {
    static final long START = 1_700_000_000_000L;

    /** When all of it has happened, and is sent. */
    static final long LATER = START + Duration.ofDays(1).toMillis();

    /** Comes in the first sixth of the events and is erased by the last: several checkpoints keep that order. */
    static final String ERASED = "gone";

    private final RecordCodec<BehaviourEvent> events = RecordCodec.of(BehaviourEvent.class);
    private final RecordCodec<RecommendationRequest> requests = RecordCodec.of(RecommendationRequest.class);
    private final RecordCodec<CatalogItem> items = RecordCodec.of(CatalogItem.class);
    final List<byte[]> catalogRecords = new ArrayList<>();
    final List<byte[]> eventRecords = new ArrayList<>();
    final List<byte[]> requestRecords = new ArrayList<>();
    final Map<String, Map<String, Long>> countsByUser = new HashMap<>();
    int corrupt;

    Shop(int itemCount, int userCount, int eventCount, int requestCount) {
        this(itemCount, userCount, 0, eventCount, requestCount);
        addCatalog(itemCount);
    }

    /** Goes on after the first events of a shop: other ids, later times, and a catalog that was sent before. */
    Shop(int itemCount, int userCount, int firstEvent, int eventCount, int requestCount) {
        SplittableRandom random = new SplittableRandom(42 + firstEvent);
        int end = firstEvent + eventCount;
        for (int e = firstEvent; e < end; e++) {
            if (e < firstEvent + eventCount / 6 && e % 50 == 0) {
                add("gone-" + e, ERASED, EventType.VIEW, e);
            }
            addEvent(random, e, itemCount, userCount);
        }
        add("erasure-" + end, ERASED, EventType.ERASE_USER, end);
        for (int r = 0; r < requestCount; r++) {
            boolean similar = r % 3 == 0;
            requestRecords.add(requests.encode(RecommendationRequest.newBuilder()
                    .setRequestId("r" + firstEvent + "-" + r)
                    .setUserId("u" + random.nextInt(userCount * 2))
                    .setScenario(similar ? Scenario.SIMILAR_ITEMS : Scenario.HOME)
                    .setContextItemId(similar ? "i" + random.nextInt(itemCount) : null)
                    .setCount(5)
                    .setRequestedAt(START + end * 100L)
                    .build()));
        }
    }

    private void addCatalog(int itemCount) {
        for (int i = 0; i < itemCount; i++) {
            catalogRecords.add(items.encode(CatalogItem.newBuilder()
                    .setItemId("i" + i)
                    .setTitle("Item " + i)
                    .setCategoryPath(List.of("all", "c" + i % 10))
                    .setBrand("b" + i % 7)
                    .setPriceMinor(100L + i)
                    .setAvailable(i % 20 != 19)
                    .setUpdatedAt(START)
                    .build()));
        }
    }

    static byte[] release() {
        return RecordCodec.of(ModelRelease.class)
                .encode(ModelRelease.newBuilder()
                        .setModel("ranker")
                        .setVersion("1")
                        .setPackageUri("file:///nowhere")
                        .setSha256("00")
                        .setStage(ReleaseStage.LIVE)
                        .setIssuedAt(START)
                        .build());
    }

    private void add(String eventId, String user, EventType type, int e) {
        eventRecords.add(events.encode(BehaviourEvent.newBuilder()
                .setEventId(eventId)
                .setUserId(user)
                .setType(type)
                .setItemId(type == EventType.ERASE_USER ? null : "i" + e % 7)
                .setEventTime(START + e * 100L)
                .build()));
    }

    static byte[] campaign() {
        return RecordCodec.of(Campaign.class)
                .encode(Campaign.newBuilder()
                        .setCampaignId("all")
                        .setKind(CampaignKind.COUPON)
                        .setStartsAt(0)
                        .setEndsAt(Long.MAX_VALUE)
                        .build());
    }

    private void addEvent(SplittableRandom random, int e, int itemCount, int userCount) {
        String user = "u" + random.nextInt(userCount);
        EventType type = random.nextInt(10) == 0 ? EventType.CART : EventType.VIEW;
        byte[] record = events.encode(BehaviourEvent.newBuilder()
                .setEventId("e" + e)
                .setUserId(user)
                .setType(type)
                .setItemId("i" + random.nextInt(1 + random.nextInt(itemCount)))
                .setEventTime(START + e * 100L)
                .build());
        eventRecords.add(record);
        countsByUser.computeIfAbsent(user, u -> new HashMap<>()).merge(type.name(), 1L, Long::sum);
        if (e % 50 == 7) {
            eventRecords.add(record);
        }
        if (e % 100 == 3) {
            eventRecords.add(new byte[] {1, 2, 3});
            corrupt++;
        }
    }
}
