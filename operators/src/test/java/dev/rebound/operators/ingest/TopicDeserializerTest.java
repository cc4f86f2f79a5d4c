package dev.rebound.operators.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.retraining.ExampleSignal;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserSignalSerializer;
import dev.rebound.operators.user.UserState;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CampaignKind;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopicDeserializerTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final RecordCodec<BehaviourEvent> EVENTS = RecordCodec.of(BehaviourEvent.class);

    private final TopicDeserializer<UserSignal> events = TopicDeserializer.behaviourEvents();
    private final TopicDeserializer<UserSignal> requests = TopicDeserializer.requests();
    private final TopicDeserializer<ItemSignal> catalog = TopicDeserializer.catalog();
    private final TopicDeserializer<CampaignSignal> campaigns = TopicDeserializer.campaigns();
    private final TopicDeserializer<ModelRelease> releases = TopicDeserializer.releases();

    @BeforeEach
    void open() {
        events.open();
        requests.open();
        catalog.open();
        campaigns.open();
        releases.open();
    }

    private static BehaviourEvent.Builder anEvent() {
        return BehaviourEvent.newBuilder()
                .setEventId("e1")
                .setUserId("u1")
                .setType(EventType.VIEW)
                .setItemId("i1")
                .setEventTime(NOW);
    }

    private static byte[] event(Consumer<BehaviourEvent.Builder> change) {
        BehaviourEvent.Builder builder = anEvent();
        change.accept(builder);
        return EVENTS.encode(builder.build());
    }

    @Test
    void aValidEventBecomesASignal() {
        UserSignal signal = events.decode(record(event(e -> {}))).value;

        assertThat(signal.kind).isEqualTo(UserSignal.Kind.EVENT);
        assertThat(signal.userId).isEqualTo("u1");
        assertThat(signal.id).isEqualTo("e1");
        assertThat(signal.itemKey).isEqualTo(ItemKey.of("i1"));
        assertThat(signal.timeMillis).isEqualTo(NOW);
    }

    @Test
    void theWordsOfASearchGoAlongAndThoseOfTheNextEventDoNot() {
        UserSignal search =
                events.decode(record(event(e -> e.setType(EventType.SEARCH).setQuery("Red Lamps")))).value;
        assertThat(search.queryTerms).containsExactly(new ItemTerms().of("red lamp"));

        assertThat(events.decode(record(event(e -> e.setQuery("red")))).value.queryTerms)
                .isEmpty();
    }

    static Stream<Arguments> badEvents() {
        byte[] unknownEnum = event(e -> {});
        unknownEnum[10 + 3 + 3 + 1] = 60;
        return Stream.of(
                Arguments.of("corrupt bytes", new byte[] {1, 2, 3}, DeadLetterReason.UNDECODABLE),
                Arguments.of("an unknown enum value", unknownEnum, DeadLetterReason.UNKNOWN_ENUM),
                Arguments.of("no user", event(e -> e.setUserId("")), DeadLetterReason.MISSING_FIELD),
                Arguments.of("no event id", event(e -> e.setEventId("")), DeadLetterReason.MISSING_FIELD),
                Arguments.of("no item", event(e -> e.setItemId(null)), DeadLetterReason.MISSING_FIELD),
                Arguments.of(
                        "a search for nothing",
                        event(e -> e.setType(EventType.SEARCH)),
                        DeadLetterReason.MISSING_FIELD),
                Arguments.of("an oversized record", new byte[RecordCodec.MAX_BYTES + 1], DeadLetterReason.OVERSIZED),
                Arguments.of(
                        "an oversized id", event(e -> e.setUserId("u".repeat(257))), DeadLetterReason.OUT_OF_RANGE),
                Arguments.of("a null value", null, DeadLetterReason.NULL_VALUE),
                Arguments.of(
                        "an event of the year 3000",
                        event(e -> e.setEventTime(
                                Instant.parse("3000-01-01T00:00:00Z").toEpochMilli())),
                        DeadLetterReason.OUT_OF_RANGE),
                Arguments.of(
                        "a redemption of all the money there is",
                        event(e ->
                                e.setType(EventType.PURCHASE).setCampaignId("c").setDiscountMinor(Long.MAX_VALUE)),
                        DeadLetterReason.OUT_OF_RANGE),
                Arguments.of("an event of 1970", event(e -> e.setEventTime(5)), DeadLetterReason.OUT_OF_RANGE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEvents")
    void aBadEventBecomesADeadLetterWithItsPositionAndReason(String what, byte[] value, DeadLetterReason reason) {
        Decoded<UserSignal> decoded = events.decode(record(value));

        assertThat(decoded.value).as(what).isNull();
        DeadLetter letter = decoded.deadLetter;
        assertThat(letter.getReason()).isEqualTo(reason);
        assertThat(letter.getTopic()).isEqualTo("topic");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(77);
        assertThat(letter.getMessage()).startsWith("topic-3@77: ");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEvents")
    void whatIsSaidOfABadEventDoesNotNameItsUser(String what, byte[] value, DeadLetterReason reason) {
        assertThat(events.decode(record(value)).deadLetter.getMessage())
                .as(what)
                .doesNotContain("u1", "uuu");
    }

    @Test
    void underPseudonymsNeitherEventsNorRequestsNorDeadLettersNameUsers(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef");
        Pseudonyms pseudonyms = Pseudonyms.keyedBy(key.toString());
        TopicDeserializer<UserSignal> namelessEvents = TopicDeserializer.behaviourEvents(pseudonyms);
        TopicDeserializer<UserSignal> namelessRequests = TopicDeserializer.requests(Pseudonyms.keyedBy(key.toString()));
        namelessEvents.open();
        namelessRequests.open();
        byte[] request = RecordCodec.of(RecommendationRequest.class)
                .encode(RecommendationRequest.newBuilder()
                        .setRequestId("r1")
                        .setUserId("u1")
                        .setScenario(Scenario.HOME)
                        .setRequestedAt(NOW)
                        .build());

        String name = namelessEvents.decode(record(event(e -> {}))).value.userId;
        assertThat(name).isEqualTo(pseudonyms.of("u1")).isNotEqualTo("u1");
        assertThat(namelessRequests.decode(record(request)).value.userId).isEqualTo(name);
        DeadLetter letter = namelessEvents.decode(record(event(e -> e.setItemId(null)))).deadLetter;
        assertThat(letter.getBytes()).isNull();
        assertThat(StandardCharsets.UTF_8.decode(letter.getKey()).toString()).isEqualTo(pseudonyms.of("key"));
    }

    @Test
    void aGoodEventAfterABadOneIsRead() {
        events.decode(record(new byte[] {9}));

        assertThat(events.decode(record(event(e -> {}))).value).isNotNull();
    }

    @Test
    void anEventADayAheadIsTheLastThatIsTaken() {
        long limit = NOW + Duration.ofDays(1).toMillis();

        assertThat(events.decode(record(event(e -> e.setEventTime(limit)))).value)
                .isNotNull();
        assertThat(events.decode(record(event(e -> e.setEventTime(limit + 1)))).value)
                .isNull();
    }

    @Test
    void aClockThatIsAheadDoesNotCarryAnEventBeyondTheBrokersTime() {
        long ahead = NOW + Duration.ofHours(23).toMillis();

        assertThat(events.decode(record(event(e -> e.setEventTime(ahead)))).value.timeMillis)
                .isEqualTo(NOW);
        assertThat(events.decode(record(event(e -> e.setEventTime(NOW - 5)))).value.timeMillis)
                .as("a late event keeps its own time")
                .isEqualTo(NOW - 5);
        CatalogItem item =
                CatalogItem.newBuilder().setItemId("i1").setUpdatedAt(ahead).build();
        assertThat(catalog.decode(record(RecordCodec.of(CatalogItem.class).encode(item)))
                        .value
                        .entry
                        .updatedMillis())
                .isEqualTo(NOW);
    }

    @Test
    void aProducerThatStampsItsRecordsByAClockThatIsAheadDoesNotEither() {
        long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();

        UserSignal signal = events.decode(record(event(e -> e.setEventTime(ahead)), ahead)).value;

        assertThat(signal.timeMillis).isLessThanOrEqualTo(System.currentTimeMillis());
    }

    private UserSignal eventAt(long eventTime, long brokerMillis) {
        return events.decode(record(event(e -> e.setEventTime(eventTime)), brokerMillis)).value;
    }

    @Test
    void anEventOfAClockThatIsAheadDoesNotMuteItsUser() {
        UserFeatures features = new UserFeatures(Duration.ofHours(6), Duration.ofMinutes(1));
        UserState user = new UserState();
        long ahead = NOW + Duration.ofHours(23).toMillis();
        long next = NOW + Duration.ofMinutes(2).toMillis();

        assertThat(features.triggers(user, eventAt(ahead, NOW))).isTrue();
        assertThat(features.triggers(user, eventAt(next, next))).isTrue();
    }

    @Test
    void aSimilarItemsRequestNeedsItsItem() {
        RecordCodec<RecommendationRequest> codec = RecordCodec.of(RecommendationRequest.class);
        RecommendationRequest request = RecommendationRequest.newBuilder()
                .setRequestId("r1")
                .setUserId("u1")
                .setScenario(Scenario.SIMILAR_ITEMS)
                .setContextItemId("i9")
                .setCandidates(List.of("i1", "i2"))
                .setRequestedAt(NOW)
                .build();

        UserSignal signal = requests.decode(record(codec.encode(request))).value;
        assertThat(signal.itemKey).isEqualTo(ItemKey.of("i9"));
        assertThat(signal.candidates).containsExactly(ItemKey.of("i1"), ItemKey.of("i2"));

        request.setContextItemId(null);
        assertThat(requests.decode(record(codec.encode(request))).deadLetter.getReason())
                .isEqualTo(DeadLetterReason.MISSING_FIELD);
        request.setContextItemId("i9");
        request.setCount(0);
        assertThat(requests.decode(record(codec.encode(request))).deadLetter.getReason())
                .isEqualTo(DeadLetterReason.OUT_OF_RANGE);
    }

    @Test
    void aRequestSaysWhereItsAnswerGoes() {
        RecordCodec<RecommendationRequest> codec = RecordCodec.of(RecommendationRequest.class);
        RecommendationRequest request = RecommendationRequest.newBuilder()
                .setRequestId("r1")
                .setUserId("u1")
                .setScenario(Scenario.HOME)
                .setReplyPartition(5)
                .setRequestedAt(NOW)
                .build();

        assertThat(requests.decode(record(codec.encode(request))).value.replyPartition)
                .isEqualTo(5);
        request.setReplyPartition(null);
        assertThat(requests.decode(record(codec.encode(request))).value.replyPartition)
                .isEqualTo(UserSignal.BY_USER);
        request.setReplyPartition(-1);
        assertThat(requests.decode(record(codec.encode(request))).deadLetter.getReason())
                .isEqualTo(DeadLetterReason.OUT_OF_RANGE);
    }

    @Test
    void aCatalogTombstoneRemovesTheItemOfItsKey() {
        ItemSignal signal = catalog.decode(record(null)).value;

        assertThat(signal.itemKey).isEqualTo(ItemKey.of("key"));
        assertThat(signal.entry.offered()).isFalse();
    }

    @Test
    void aCatalogItemKeepsItsLeafCategory() {
        CatalogItem item = CatalogItem.newBuilder()
                .setItemId("i1")
                .setCategoryPath(List.of("home", "lamps"))
                .setUpdatedAt(NOW)
                .build();

        ItemSignal signal =
                catalog.decode(record(RecordCodec.of(CatalogItem.class).encode(item))).value;

        assertThat(signal.entry.leafCategory()).isEqualTo("lamps");
        assertThat(signal.entry.offered()).isTrue();
    }

    @Test
    void aNameThatWouldNotFitIntoAnswersIsADeadLetterThatNamesItsField() {
        String tooLong = "n".repeat(257);
        CatalogItem.Builder item = CatalogItem.newBuilder().setItemId("i1").setUpdatedAt(NOW);

        assertThat(letterOf(item.setCategoryPath(List.of("home", tooLong)))).contains("categoryPath has 257");
        assertThat(letterOf(item.setCategoryPath(List.of("home")).setBrand(tooLong)))
                .contains("brand has 257");
        assertThat(events.decode(record(event(e -> e.setRequestId(tooLong))))
                        .deadLetter
                        .getMessage())
                .contains("requestId has 257");
        assertThat(events.decode(record(event(e -> e.setQuery("q".repeat(4097)))))
                        .deadLetter
                        .getMessage())
                .contains("query has 4097");
        assertThat(campaigns
                        .decode(record(campaign(c -> c.setCategories(List.of(tooLong)))))
                        .deadLetter
                        .getMessage())
                .contains("categories has 257");
    }

    private String letterOf(CatalogItem.Builder item) {
        byte[] value = RecordCodec.of(CatalogItem.class).encode(item.build());
        return catalog.decode(record(value)).deadLetter.getMessage();
    }

    @Test
    void aRequestForMoreCandidatesThanCanBeLookedUpIsADeadLetterThatNamesItsField() {
        RecommendationRequest request = RecommendationRequest.newBuilder()
                .setRequestId("r1")
                .setUserId("u1")
                .setScenario(Scenario.HOME)
                .setContextItemId("i".repeat(257))
                .setRequestedAt(NOW)
                .build();
        assertThat(letterOf(request)).contains("contextItemId has 257");

        request.setContextItemId(null);
        request.setCandidates(Collections.nCopies(10_001, "i"));
        assertThat(letterOf(request)).contains("candidates has 10001");

        request.setCandidates(null);
        request.setQuery("q".repeat(4097));
        assertThat(letterOf(request)).contains("query has 4097");
    }

    private String letterOf(RecommendationRequest request) {
        byte[] value = RecordCodec.of(RecommendationRequest.class).encode(request);
        return requests.decode(record(value)).deadLetter.getMessage();
    }

    private Decoded<ItemSignal> embedded(List<Float> embedding) {
        CatalogItem item = CatalogItem.newBuilder()
                .setItemId("i1")
                .setContentEmbedding(embedding)
                .setUpdatedAt(NOW)
                .build();
        return catalog.decode(record(RecordCodec.of(CatalogItem.class).encode(item)));
    }

    @Test
    void aCatalogItemKeepsItsContentEmbedding() {
        assertThat(embedded(List.of(0.5f, -2f)).value.entry.embedding()).containsExactly(0.5f, -2f);
        assertThat(embedded(null).value.entry.embedding()).isEmpty();
    }

    @Test
    void anEmbeddingThatNobodyCanReckonWithIsADeadLetter() {
        assertThat(embedded(List.of(1f, Float.NaN)).deadLetter.getReason()).isEqualTo(DeadLetterReason.OUT_OF_RANGE);
        assertThat(embedded(List.of(1f, 3e38f)).deadLetter.getMessage()).contains("contentEmbedding has 3.0E38 at 1");
        assertThat(embedded(Collections.nCopies(1025, 1f)).deadLetter.getMessage())
                .contains("1025");
    }

    @Test
    void whatIsDoneWithACampaignNeedsNoItem() {
        UserSignal redemption = events.decode(record(event(e -> e.setType(EventType.PURCHASE)
                        .setItemId(null)
                        .setCampaignId("c")
                        .setDiscountMinor(150L))))
                .value;
        assertThat(redemption.itemKey).isEqualTo(ItemKey.NONE);
        assertThat(redemption.campaignKey).isEqualTo(ItemKey.of("c"));
        assertThat(redemption.costMinor).isEqualTo(150);

        UserSignal next = events.decode(record(event(e -> {}))).value;
        assertThat(next.campaignKey).as("nothing of the event before").isEqualTo(ItemKey.NONE);
        assertThat(next.costMinor).isEqualTo(CampaignSignal.UNKNOWN_COST);
    }

    private static byte[] campaign(Consumer<Campaign.Builder> change) {
        Campaign.Builder builder = Campaign.newBuilder()
                .setCampaignId("c")
                .setKind(CampaignKind.COUPON)
                .setItemIds(List.of("a", "b", "a"))
                .setStartsAt(NOW)
                .setEndsAt(NOW + 1);
        change.accept(builder);
        return RecordCodec.of(Campaign.class).encode(builder.build());
    }

    @Test
    void aCampaignKeepsItsScopeAndItsLimits() {
        CampaignSignal signal = campaigns.decode(record(campaign(
                        c -> c.setBudgetMinor(500L).setDiscountMinor(20L).setMaxImpressionsPerUser(3))))
                .value;

        assertThat(signal.kind).isEqualTo(CampaignSignal.Kind.DEFINED);
        assertThat(signal.campaignKey).isEqualTo(ItemKey.of("c"));
        assertThat(signal.entry.itemKeys()).containsExactly(ItemKey.of("a"), ItemKey.of("b"));
        assertThat(signal.entry.budgetMinor()).isEqualTo(500);
        assertThat(signal.entry.discountMinor()).isEqualTo(20);
        assertThat(signal.entry.maxImpressionsPerUser()).isEqualTo(3);
        assertThat(signal.entry.maxRedemptionsPerUser()).isEqualTo(CampaignEntry.UNLIMITED);
    }

    @Test
    void aCampaignTombstoneEndsTheCampaignOfItsKey() {
        CampaignSignal signal = campaigns.decode(record(null)).value;

        assertThat(signal.kind).isEqualTo(CampaignSignal.Kind.ENDED);
        assertThat(signal.campaignKey).isEqualTo(ItemKey.of("key"));
    }

    static Stream<Arguments> badCampaigns() {
        return Stream.of(
                Arguments.of("corrupt bytes", new byte[] {1, 2, 3}, DeadLetterReason.UNDECODABLE),
                Arguments.of("no id", campaign(c -> c.setCampaignId("")), DeadLetterReason.MISSING_FIELD),
                Arguments.of(
                        "a kind of later",
                        campaign(c -> c.setKind(CampaignKind.UNKNOWN)),
                        DeadLetterReason.UNKNOWN_ENUM),
                Arguments.of("an end before the start", campaign(c -> c.setEndsAt(NOW)), DeadLetterReason.OUT_OF_RANGE),
                Arguments.of("a debt", campaign(c -> c.setBudgetMinor(-1L)), DeadLetterReason.OUT_OF_RANGE),
                Arguments.of("a surcharge", campaign(c -> c.setDiscountMinor(-1L)), DeadLetterReason.OUT_OF_RANGE),
                Arguments.of(
                        "a budget that no sum reaches",
                        campaign(c -> c.setBudgetMinor(Long.MAX_VALUE)),
                        DeadLetterReason.OUT_OF_RANGE),
                Arguments.of(
                        "more items than a task can hold",
                        campaign(c -> c.setItemIds(Collections.nCopies(50_001, "i"))),
                        DeadLetterReason.OUT_OF_RANGE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCampaigns")
    void aBadCampaignBecomesADeadLetter(String what, byte[] value, DeadLetterReason reason) {
        Decoded<CampaignSignal> decoded = campaigns.decode(record(value));

        assertThat(decoded.value).as(what).isNull();
        assertThat(decoded.deadLetter.getReason()).isEqualTo(reason);
    }

    @Test
    void aReleaseWithoutAPackageIsADeadLetter() {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion("1")
                .setPackageUri("")
                .setSha256("")
                .setStage(ReleaseStage.LIVE)
                .setIssuedAt(NOW)
                .build();

        assertThat(releases.decode(record(RecordCodec.of(ModelRelease.class).encode(release)))
                        .deadLetter
                        .getReason())
                .isEqualTo(DeadLetterReason.MISSING_FIELD);
    }

    private long deadLetterId(ConsumerRecord<byte[], byte[]> record) {
        return events.decode(record).deadLetterId;
    }

    @Test
    void aDeadLetterIsKnownByWhatAMirrorKeepsOfItsRecord() {
        byte[] poison = {9};
        long id = deadLetterId(record(poison));

        assertThat(id).isNotZero();
        assertThat(deadLetterId(record(poison, NOW, 78)))
                .as("at another offset")
                .isEqualTo(id);
        assertThat(deadLetterId(record(poison, NOW + 1))).as("sent again").isNotEqualTo(id);
        assertThat(deadLetterId(record(new byte[] {8}))).as("of other bytes").isNotEqualTo(id);
        assertThat(deadLetterId(record(event(e -> {})))).as("of none").isZero();
    }

    @Test
    void underPseudonymsADeadLetterIsStillKnownByItsBytes(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "a secret of sixteen bytes and more");
        TopicDeserializer<UserSignal> nameless = TopicDeserializer.behaviourEvents(Pseudonyms.keyedBy(key.toString()));
        nameless.open();

        long id = nameless.decode(record(new byte[] {9})).deadLetterId;

        assertThat(id).isNotEqualTo(deadLetterId(record(new byte[] {9})));
        assertThat(nameless.decode(record(new byte[] {8})).deadLetterId).isNotEqualTo(id);
    }

    @Test
    void theIdOfADeadLetterStaysWithItBetweenTasks() throws Exception {
        DecodedSerializer<UserSignal> serializer = new DecodedSerializer<>(new UserSignalSerializer());
        Decoded<UserSignal> dead = events.decode(record(new byte[] {9}));

        assertThat(serializer.copy(dead).deadLetterId).isEqualTo(dead.deadLetterId);
    }

    @Test
    void examplesOfASiteThatWasTakenOverAreNotLearnedFrom() {
        TopicDeserializer<ExampleSignal> examples = TopicDeserializer.examples();
        examples.open(new DeserializationSchema.InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                throw new UnsupportedOperationException();
            }
        });
        List<Integer> taken = new ArrayList<>();
        for (int epoch : List.of(1, 2, 1, 2)) {
            ConsumerRecord<byte[], byte[]> erasure = record(null);
            erasure.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(epoch));
            List<Decoded<ExampleSignal>> out = new ArrayList<>();
            examples.deserialize(erasure, new ListCollector<>(out));
            out.forEach(decoded -> taken.add(epoch));
        }

        assertThat(taken).containsExactly(1, 2, 2);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return record(value, NOW);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, long brokerMillis) {
        return record(value, brokerMillis, 77);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, long brokerMillis, long offset) {
        return new ConsumerRecord<>(
                "topic",
                3,
                offset,
                brokerMillis,
                TimestampType.CREATE_TIME,
                3,
                value == null ? -1 : value.length,
                "key".getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
