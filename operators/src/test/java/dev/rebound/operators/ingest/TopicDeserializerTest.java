package dev.rebound.operators.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.features.SideUpdate;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.ModelRelease;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
    private final TopicDeserializer<SideUpdate> releases = TopicDeserializer.releases();

    @BeforeEach
    void open() {
        events.open();
        requests.open();
        catalog.open();
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

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return new ConsumerRecord<>(
                "topic",
                3,
                77,
                NOW,
                TimestampType.CREATE_TIME,
                3,
                value == null ? -1 : value.length,
                "key".getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
