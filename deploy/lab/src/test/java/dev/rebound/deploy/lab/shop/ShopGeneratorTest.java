package dev.rebound.deploy.lab.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShopGeneratorTest {
    private static final int EVENTS = 30_000;

    private final ShopGenerator shop = ShopGenerator.of(7, EVENTS);
    private final List<FeedRecord> feed = shop.feed().toList();

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() {
        assertThat(hash(ShopGenerator.of(7, EVENTS)))
                .isEqualTo(hash(shop))
                .isNotEqualTo(hash(ShopGenerator.of(8, EVENTS)));
    }

    @Test
    void theFeedHoldsExactlyTheEventsThatWereAskedForAndARequestForEachFifty() {
        assertThat(of(Topic.BEHAVIOUR_EVENTS)).hasSize(EVENTS);
        List<RecommendationRequest> along = requests().stream()
                .filter(request -> request.getRequestId().startsWith("q-"))
                .toList();
        assertThat(along).hasSizeBetween(EVENTS / 60, EVENTS / 50);
        Set<Scenario> scenarios =
                along.stream().map(RecommendationRequest::getScenario).collect(Collectors.toSet());
        assertThat(scenarios)
                .containsExactlyInAnyOrder(Scenario.HOME, Scenario.SIMILAR_ITEMS, Scenario.SEARCH, Scenario.CAMPAIGN);
    }

    @Test
    void aboutOneEventInAHundredIsSentTwiceByItsUser() {
        Map<String, Set<String>> users = new HashMap<>();
        List<String> again = new ArrayList<>();
        for (BehaviourEvent event : events()) {
            if (users.containsKey(event.getEventId())) {
                again.add(event.getEventId());
            }
            users.computeIfAbsent(event.getEventId(), id -> new HashSet<>()).add(event.getUserId());
        }
        assertThat(again).hasSizeBetween(EVENTS / 200, EVENTS / 50);
        assertThat(users.values()).allSatisfy(by -> assertThat(by).hasSize(1));
    }

    @Test
    void everyKindOfCorruptRecordIsAmongThem() {
        Map<DeadLetterReason, Integer> undecodable = new EnumMap<>(DeadLetterReason.class);
        RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
        int noUser = 0;
        int year3000 = 0;
        for (FeedRecord record : of(Topic.BEHAVIOUR_EVENTS)) {
            try {
                BehaviourEvent event = codec.decode(record.value(), null);
                noUser += event.getUserId().isEmpty() ? 1 : 0;
                year3000 += event.getEventTime() > 32_000_000_000_000L ? 1 : 0;
            } catch (UndecodableRecordException e) {
                undecodable.merge(e.reason(), 1, Integer::sum);
            }
        }
        assertThat(undecodable)
                .containsOnly(
                        Map.entry(DeadLetterReason.UNDECODABLE, 3),
                        Map.entry(DeadLetterReason.UNKNOWN_ENUM, 3),
                        Map.entry(DeadLetterReason.OVERSIZED, 3),
                        Map.entry(DeadLetterReason.NULL_VALUE, 3));
        assertThat(noUser).isEqualTo(3);
        assertThat(year3000).isEqualTo(3);
    }

    @Test
    void aFewCustomersAskToBeForgottenAndSomeOfThemComeBack() {
        List<BehaviourEvent> events = events();
        List<Integer> erasures = IntStream.range(0, events.size())
                .filter(i -> events.get(i).getType() == EventType.ERASE_USER)
                .boxed()
                .toList();

        assertThat(erasures).hasSize(5);
        assertThat(erasures)
                .anySatisfy(i -> assertThat(events.subList(i + 1, events.size()))
                        .anyMatch(
                                event -> event.getUserId().equals(events.get(i).getUserId())));
    }

    @Test
    void someListsAreAnswersAndWhatIsDoneWithThemNamesTheirRequest() {
        Map<String, RecommendationRequest> requests = requests().stream()
                .filter(request -> request.getCandidates() != null)
                .collect(Collectors.toMap(RecommendationRequest::getRequestId, request -> request));
        List<BehaviourEvent> feedback =
                events().stream().filter(event -> event.getRequestId() != null).toList();

        assertThat(requests.size()).isBetween(EVENTS / 1_000, EVENTS / 100);
        assertThat(feedback).allSatisfy(event -> {
            RecommendationRequest request = requests.get(event.getRequestId());
            assertThat(request.getUserId()).isEqualTo(event.getUserId());
            assertThat(request.getRequestedAt()).isLessThan(event.getEventTime());
            assertThat(request.getCandidates()).contains(event.getItemId());
        });
        assertThat(feedback)
                .extracting(BehaviourEvent::getType)
                .contains(EventType.IMPRESSION, EventType.CLICK, EventType.VIEW, EventType.CART);
    }

    @Test
    void mostEventsComeInOrderAndSomeLate() {
        long newest = 0;
        int outOfOrder = 0;
        int late = 0;
        for (BehaviourEvent event : events()) {
            outOfOrder += event.getEventTime() < newest ? 1 : 0;
            late += event.getEventTime() < newest - 30_000 ? 1 : 0;
            newest = event.getEventTime() > 32_000_000_000_000L ? newest : Math.max(newest, event.getEventTime());
        }
        assertThat(outOfOrder).isBetween(EVENTS / 100, EVENTS / 2);
        assertThat(late).isBetween(1, EVENTS / 50);
    }

    @Test
    void itemsAppearSellOutAndAreRemovedWhileItRuns() {
        Map<String, CatalogItem> atFirst =
                shop.catalog().collect(Collectors.toMap(CatalogItem::getItemId, item -> item));
        assertThat(atFirst.values()).anyMatch(item -> !item.getAvailable());
        assertThat(atFirst.values()).allMatch(item -> item.getCategoryPath().size() >= 2);
        List<FeedRecord> changes = of(Topic.CATALOG_UPDATES);
        assertThat(changes).anyMatch(change -> change.value() == null);
        assertThat(changes.stream().filter(change -> change.value() != null).map(c -> decode(CatalogItem.class, c)))
                .anyMatch(item -> !item.getAvailable())
                .anyMatch(item -> item.getAvailable() && !atFirst.containsKey(item.getItemId()));
    }

    @Test
    void aFewItemsAreMuchMorePopularThanMost() {
        Map<String, Long> views = events().stream()
                .filter(event -> event.getType() == EventType.VIEW)
                .collect(Collectors.groupingBy(BehaviourEvent::getItemId, Collectors.counting()));
        List<Long> sorted =
                views.values().stream().sorted(Comparator.reverseOrder()).toList();
        long all = sorted.stream().mapToLong(Long::longValue).sum();
        long top = sorted.stream()
                .limit(sorted.size() / 10)
                .mapToLong(Long::longValue)
                .sum();
        assertThat(top).isGreaterThan(all * 3 / 10);
    }

    @Test
    void aCustomerKeepsToFewCategories() {
        Map<String, String> categories = shop.catalog()
                .collect(Collectors.toMap(
                        CatalogItem::getItemId,
                        item -> item.getCategoryPath()
                                .get(item.getCategoryPath().size() - 1)));
        Map<String, Map<String, Long>> byUser = events().stream()
                .filter(event -> event.getType() == EventType.VIEW && categories.containsKey(event.getItemId()))
                .collect(Collectors.groupingBy(
                        BehaviourEvent::getUserId,
                        Collectors.groupingBy(event -> categories.get(event.getItemId()), Collectors.counting())));
        double topShare = byUser.values().stream()
                .filter(counts ->
                        counts.values().stream().mapToLong(Long::longValue).sum() >= 10)
                .mapToDouble(counts -> (double) counts.values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElse(0)
                        / counts.values().stream().mapToLong(Long::longValue).sum())
                .average()
                .orElseThrow();
        assertThat(topShare).isGreaterThan(0.3);
    }

    @Test
    void theHistoryIsOfTheSameShopAndComesBeforeIt() {
        ShopGenerator history = shop.history(5_000);
        assertThat(history.catalog().map(CatalogItem::getItemId).toList())
                .isEqualTo(shop.catalog().map(CatalogItem::getItemId).toList());
        long start = ShopGenerator.START.toEpochMilli();
        List<FeedRecord> records = history.feed().toList();
        assertThat(records).hasSize(5_000).allMatch(record -> record.topic() == Topic.BEHAVIOUR_EVENTS);
        long before = records.stream()
                .filter(record -> decode(BehaviourEvent.class, record).getEventTime() < start)
                .count();
        assertThat(before).isGreaterThan(4_000);
    }

    private List<FeedRecord> of(Topic topic) {
        return feed.stream().filter(record -> record.topic() == topic).toList();
    }

    private List<RecommendationRequest> requests() {
        return of(Topic.RECOMMENDATION_REQUESTS).stream()
                .map(record -> decode(RecommendationRequest.class, record))
                .toList();
    }

    private List<BehaviourEvent> events() {
        RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
        return of(Topic.BEHAVIOUR_EVENTS).stream()
                .flatMap(record -> {
                    try {
                        return Optional.of(codec.decode(record.value(), null)).stream();
                    } catch (UndecodableRecordException e) {
                        return Optional.<BehaviourEvent>empty().stream();
                    }
                })
                .toList();
    }

    private static <T extends org.apache.avro.specific.SpecificRecord> T decode(Class<T> type, FeedRecord record) {
        try {
            return RecordCodec.of(type).decode(record.value(), null);
        } catch (UndecodableRecordException e) {
            throw new AssertionError(e);
        }
    }

    private static int hash(ShopGenerator generator) {
        return generator.feed().mapToInt(r -> Arrays.hashCode(r.value())).reduce(17, (a, b) -> a * 31 + b);
    }
}
