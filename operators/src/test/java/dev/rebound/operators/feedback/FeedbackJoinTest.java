package dev.rebound.operators.feedback;

import static dev.rebound.operators.Signals.START;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.ranking.ScoredListSerializer;
import dev.rebound.operators.release.guard.VersionOutcome;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedbackJoinTest {
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final Duration ATTRIBUTION = Duration.ofMinutes(5);
    private static final long TOLD = ATTRIBUTION.toSeconds();
    private static final long CLOSES = WINDOW.toSeconds();

    private KeyedTwoInputStreamOperatorTestHarness<String, ScoredList, UserSignal, OutputRecord> harness;

    @BeforeEach
    void start() throws Exception {
        harness = harness(true);
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, ScoredList, UserSignal, OutputRecord> harness(
            boolean impressions) throws Exception {
        return harness(new KeyedCoProcessOperator<>(new FeedbackJoin(WINDOW, ATTRIBUTION, impressions)));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, ScoredList, UserSignal, OutputRecord> harness(
            KeyedCoProcessOperator<String, ScoredList, UserSignal, OutputRecord> operator) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<String, ScoredList, UserSignal, OutputRecord>(
                operator, list -> list.userId, event -> event.userId, Types.STRING);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(new OutputRecord.Serializer());
        return harness;
    }

    /** Three items, a, b and c, shown to u at the start. */
    private static ScoredList aList(String requestId) {
        ScoredList list = new ScoredList();
        list.userId = "u";
        list.requestId = requestId;
        list.recommendationId = "of-" + requestId;
        list.modelVersion = "v1";
        list.scenario = Scenario.HOME.ordinal();
        list.requestedMillis = START;
        list.scoredMillis = START + 5;
        list.recentItemIds = new String[] {"x", "y"};
        list.itemIds = new String[] {"a", "b", "c"};
        list.scores = new float[] {0.9f, 0.5f, 0.1f};
        list.propensities = new float[] {1, 0.75f, 0.125f};
        list.dense = new float[3 * DenseFeature.WIDTH];
        for (int i = 0; i < list.dense.length; i++) {
            list.dense[i] = i;
        }
        return list;
    }

    private void show(ScoredList list) throws Exception {
        harness.processElement1(new StreamRecord<>(list));
    }

    private void feedback(String requestId, EventType type, String itemId, long second) throws Exception {
        UserSignal event = anEvent(itemId + type + second).doing(type, itemId).atSecond(second);
        event.requestId = requestId;
        harness.processElement2(new StreamRecord<>(event, event.timeMillis));
    }

    /** Both inputs have come to that second. */
    private void pass(long second) throws Exception {
        harness.processBothWatermarks(new Watermark(START + second * 1000));
    }

    private List<TrainingExample> examples() throws Exception {
        RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
        List<TrainingExample> examples = new ArrayList<>();
        for (OutputRecord record : harness.extractOutputValues()) {
            assertThat(record.topic()).isEqualTo(Topic.TRAINING_EXAMPLES);
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("u");
            if (record.value() != null) {
                examples.add(codec.decode(record.value(), null));
            }
        }
        return examples;
    }

    private Map<String, Float> labels() throws Exception {
        return examples().stream().collect(Collectors.toMap(TrainingExample::getItemId, TrainingExample::getLabel));
    }

    @Test
    void whatWasTakenAndWhatWasOnlySeenIsLabelledWhenTheWindowHasPassed() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        feedback("r", EventType.IMPRESSION, "b", 1);
        feedback("r", EventType.CLICK, "b", 9);
        pass(CLOSES - 1);
        assertThat(examples()).isEmpty();
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("a", 0f, "b", 1f));
    }

    @Test
    void anExampleIsKnownByItsListAndItemAndAnErasureIsNot() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        feedback("r", EventType.IMPRESSION, "b", 1);
        pass(CLOSES);
        show(ScoredList.erasure("u"));

        assertThat(harness.extractOutputValues())
                .extracting(OutputRecord::id)
                .containsExactly(ItemKey.of("of-r/a"), ItemKey.of("of-r/b"), OutputRecord.NO_ID);
    }

    @Test
    void anExampleHasTheFeaturesOfTheMomentItWasScored() throws Exception {
        show(aList("r"));
        feedback("r", EventType.PURCHASE, "b", 9);
        pass(CLOSES);

        assertThat(examples()).singleElement().satisfies(example -> {
            assertThat(example.getRecommendationId()).isEqualTo("of-r");
            assertThat(example.getRequestId()).isEqualTo("r");
            assertThat(example.getUserId()).isEqualTo("u");
            assertThat(example.getPosition()).isEqualTo(1);
            assertThat(example.getScore()).isEqualTo(0.5f);
            assertThat(example.getPropensity()).isEqualTo(0.75f);
            assertThat(example.getModelVersion()).isEqualTo("v1");
            assertThat(example.getScenario()).isEqualTo(Scenario.HOME);
            assertThat(example.getRequestedAt()).isEqualTo(START);
            assertThat(example.getScoredAt()).isEqualTo(START + 5);
            assertThat(example.getRecentItemIds()).containsExactly("x", "y");
            assertThat(example.getAction()).isEqualTo(EventType.PURCHASE);
            assertThat(example.getDenseFeatures())
                    .hasSize(DenseFeature.WIDTH)
                    .startsWith((float) DenseFeature.WIDTH, DenseFeature.WIDTH + 1f);
        });
    }

    @Test
    void theStrongestActionCountsWhateverTheOrder() throws Exception {
        show(aList("r"));
        feedback("r", EventType.CART, "a", 9);
        feedback("r", EventType.CLICK, "a", 5);
        feedback("r", EventType.IMPRESSION, "a", 1);
        pass(CLOSES);

        assertThat(examples())
                .singleElement()
                .extracting(TrainingExample::getAction)
                .isEqualTo(EventType.CART);
    }

    @Test
    void feedbackBeforeItsListIsKeptForIt() throws Exception {
        feedback("r", EventType.CLICK, "b", 9);
        pass(20);
        show(aList("r"));
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("b", 1f));
    }

    @Test
    void aDuplicateChangesNothing() throws Exception {
        show(aList("r"));
        for (int time = 0; time < 3; time++) {
            feedback("r", EventType.CLICK, "b", 9);
        }
        pass(CLOSES);
        pass(3 * CLOSES);

        assertThat(examples()).hasSize(1);
    }

    @Test
    void whatIsDoneAfterTheWindowIsTooLateThoughTheListIsStillOpen() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        feedback("r", EventType.CLICK, "a", CLOSES + 1);
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("a", 0f));
    }

    @Test
    void aLateClickIsTakenWhileTheWindowIsOpenByTheWatermark() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        pass(CLOSES - 10);
        feedback("r", EventType.CLICK, "a", 60);
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("a", 1f));
    }

    @Test
    void feedbackAfterItsListWasClosedIsForgotten() throws Exception {
        show(aList("r"));
        pass(CLOSES);
        feedback("r", EventType.CLICK, "a", 60);
        feedback("r", EventType.CLICK, "b", CLOSES + 60);
        pass(3 * CLOSES);

        assertThat(examples()).isEmpty();
        assertNothingIsKept();
    }

    @Test
    void aListThatNobodySawTeachesNothing() throws Exception {
        show(aList("r"));
        pass(CLOSES);

        assertThat(harness.extractOutputValues()).isEmpty();
        assertNothingIsKept();
    }

    @Test
    void aShopWithoutImpressionsCountsAllOfAListAsSeen() throws Exception {
        harness.close();
        harness = harness(false);
        harness.open();
        show(aList("r"));
        feedback("r", EventType.FAVOURITE, "c", 9);
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("a", 0f, "b", 0f, "c", 1f));
        assertThat(examples().get(0).getAction()).isEqualTo(EventType.UNKNOWN);
    }

    @Test
    void feedbackOnAnItemThatWasNotShownTeachesNothing() throws Exception {
        show(aList("r"));
        feedback("r", EventType.CLICK, "z", 9);
        pass(CLOSES);

        assertThat(examples()).isEmpty();
    }

    @Test
    void listsOfOneUserAreApartAndCloseInTheirOwnTime() throws Exception {
        ScoredList second = aList("r2");
        second.requestedMillis += 600_000;
        show(second);
        show(aList("r1"));
        feedback("r1", EventType.CLICK, "a", 9);
        feedback("r2", EventType.CLICK, "b", 700);
        pass(CLOSES);
        assertThat(labels()).isEqualTo(Map.of("a", 1f));
        pass(CLOSES + 600);

        assertThat(labels()).isEqualTo(Map.of("a", 1f, "b", 1f));
        assertNothingIsKept();
    }

    @Test
    void aUserWithTooManyOpenListsHasTheOldestClosed() throws Exception {
        feedback("r0", EventType.CLICK, "a", 9);
        for (int i = 0; i <= FeedbackJoin.MOST_LISTS; i++) {
            ScoredList list = aList("r" + i);
            list.requestedMillis += i;
            show(list);
        }

        assertThat(examples())
                .singleElement()
                .extracting(TrainingExample::getRequestId)
                .isEqualTo("r0");
    }

    @Test
    void feedbackOnMadeUpRequestsIsBounded() throws Exception {
        for (int i = 0; i < 3 * FeedbackJoin.MOST_REQUESTS; i++) {
            feedback("made-up-" + i, EventType.CLICK, "a", 9);
        }

        show(aList("made-up-0"));
        show(aList("made-up-" + FeedbackJoin.MOST_REQUESTS));
        pass(CLOSES);

        assertThat(examples())
                .extracting(TrainingExample::getRequestId)
                .as("what was too much was dropped")
                .containsExactly("made-up-0");
    }

    @Test
    void aRestoreKeepsOpenListsTheirFeedbackAndTheirTime() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        feedback("early", EventType.CLICK, "b", 2);
        restart(harness.snapshot(1, 1));
        show(aList("early"));
        feedback("r", EventType.CLICK, "b", 3);
        pass(CLOSES);

        assertThat(examples())
                .extracting(example -> example.getRequestId() + " " + example.getItemId() + " " + example.getLabel())
                .containsExactlyInAnyOrder("r a 0.0", "r b 1.0", "early b 1.0");
    }

    private List<VersionOutcome> outcomes() {
        Queue<StreamRecord<VersionOutcome>> told = harness.getSideOutput(FeedbackJoin.OUTCOMES);
        return told == null
                ? List.of()
                : told.stream().map(StreamRecord::getValue).toList();
    }

    @Test
    void theOutcomeOfAListIsToldOnceItsAttributionWindowHasPassed() throws Exception {
        show(aList("r"));
        feedback("r", EventType.IMPRESSION, "a", 1);
        feedback("r", EventType.CLICK, "b", 9);
        feedback("r", EventType.CART, "b", 10);
        feedback("r", EventType.CLICK, "c", TOLD + 1);
        pass(TOLD - 1);
        assertThat(outcomes()).isEmpty();
        pass(TOLD);
        pass(3 * CLOSES);

        assertThat(outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.modelVersion).isEqualTo("v1");
            assertThat(outcome.scoredMillis).isEqualTo(START + 5);
            assertThat(outcome.impressions).isEqualTo(2);
            assertThat(outcome.clicks).isEqualTo(1);
            assertThat(outcome.conversions).isEqualTo(1);
            assertThat(outcome.userHash).isEqualTo(VersionOutcome.userHash(ItemKey.hash("u")));
        });
        assertThat(labels()).as("the examples have all of the window").isEqualTo(Map.of("a", 0f, "b", 1f, "c", 1f));
        assertNothingIsKept();
    }

    @Test
    void aListThatNobodySawIsToldWithoutImpressions() throws Exception {
        show(aList("r"));
        pass(TOLD);

        assertThat(outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.impressions).isZero();
            assertThat(outcome.clicks).isZero();
        });
    }

    @Test
    void aShopWithoutImpressionsHasAllOfAListCounted() throws Exception {
        harness.close();
        harness = harness(false);
        harness.open();
        show(aList("r"));
        feedback("r", EventType.VIEW, "c", 9);
        pass(TOLD);

        assertThat(outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.impressions).isEqualTo(3);
            assertThat(outcome.clicks).isEqualTo(1);
            assertThat(outcome.conversions).isZero();
        });
    }

    @Test
    void listsOfOneUserAreToldInTheirOwnTimeAndLateOnesAtOnce() throws Exception {
        ScoredList second = aList("r2");
        second.modelVersion = "v2";
        second.requestedMillis += 60_000;
        show(second);
        show(aList("r1"));
        feedback("r2", EventType.PURCHASE, "a", 70);
        pass(TOLD);
        assertThat(outcomes()).extracting(outcome -> outcome.modelVersion).containsExactly("v1");
        pass(TOLD + 60);
        show(aList("r3"));
        pass(TOLD + 61);

        assertThat(outcomes())
                .extracting(outcome -> outcome.modelVersion + " " + outcome.conversions)
                .containsExactly("v1 0", "v2 1", "v1 0");
    }

    @Test
    void neitherARobotsListThatGaveWayNorAnErasedUsersIsTold() throws Exception {
        for (int i = 0; i <= FeedbackJoin.MOST_LISTS; i++) {
            ScoredList list = aList("r" + i);
            list.requestedMillis += i;
            show(list);
        }
        pass(TOLD + 1);
        assertThat(outcomes()).hasSize(FeedbackJoin.MOST_LISTS);

        ScoredList later = aList("later");
        later.requestedMillis += CLOSES * 1000;
        show(later);
        show(ScoredList.erasure("u"));
        pass(3 * CLOSES);
        assertThat(outcomes()).hasSize(FeedbackJoin.MOST_LISTS);
    }

    @Test
    void aRestoreTellsTheOutcomesThatWereDue() throws Exception {
        show(aList("told"));
        pass(TOLD);
        ScoredList due = aList("due");
        due.requestedMillis += 60_000;
        show(due);
        feedback("due", EventType.CLICK, "a", 70);
        restart(harness.snapshot(1, 1));
        pass(TOLD + 60);

        assertThat(outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.clicks).isEqualTo(1));
    }

    /** Lists of before outcomes were told have none, and their examples are written as ever. */
    @Test
    void theStateOfBeforeOutcomesWereToldIsRestored() throws Exception {
        harness.close();
        harness = harness(new KeyedCoProcessOperator<>(new JoinOfBefore()));
        harness.open();
        show(aList("old"));
        restart(harness.snapshot(1, 1));
        feedback("old", EventType.CLICK, "b", 9);
        show(aList("new"));
        pass(TOLD);
        assertThat(outcomes()).hasSize(1);
        pass(CLOSES);

        assertThat(labels()).isEqualTo(Map.of("b", 1f));
        assertNothingIsKept();
    }

    private void restart(OperatorSubtaskState snapshot) throws Exception {
        harness.close();
        harness = harness(true);
        harness.initializeState(snapshot);
        harness.open();
    }

    /** Keeps a list as the join did before it told outcomes. */
    private static final class JoinOfBefore
            extends KeyedCoProcessFunction<String, ScoredList, UserSignal, OutputRecord> {
        private static final long serialVersionUID = 1L;
        private transient MapState<String, ScoredList> lists;
        private transient ValueState<Long> timer;

        @Override
        public void open(OpenContext context) {
            lists = getRuntimeContext()
                    .getMapState(new MapStateDescriptor<>(
                            "open-lists", StringSerializer.INSTANCE, new ScoredListSerializer()));
            timer = getRuntimeContext().getState(new ValueStateDescriptor<>("timer", LongSerializer.INSTANCE));
        }

        @Override
        public void processElement1(ScoredList list, Context context, Collector<OutputRecord> out) throws Exception {
            lists.put(list.requestId, list);
            long closes = list.requestedMillis + WINDOW.toMillis();
            context.timerService().registerEventTimeTimer(closes);
            timer.update(closes);
        }

        @Override
        public void processElement2(UserSignal event, Context context, Collector<OutputRecord> out) {}
    }

    @Test
    void anErasedUserLeavesATombstoneAndNothingElse() throws Exception {
        show(aList("r"));
        feedback("r", EventType.CLICK, "a", 1);
        feedback("early", EventType.CLICK, "a", 2);
        show(ScoredList.erasure("u"));

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isNull());
        assertNothingIsKept();
        pass(3 * CLOSES);
        assertThat(examples()).isEmpty();
    }

    @Test
    void whatIsOnItsWayGoesWithTheErasureOfItsOwnInput() throws Exception {
        harness.processElement2(new StreamRecord<>(anEvent("x").erasing().atSecond(5)));
        show(aList("r"));
        show(ScoredList.erasure("u"));
        assertNothingIsKept();

        show(ScoredList.erasure("u"));
        feedback("r", EventType.CLICK, "a", 1);
        harness.processElement2(new StreamRecord<>(anEvent("x").erasing().atSecond(5)));
        assertNothingIsKept();
    }

    private void assertNothingIsKept() throws Exception {
        KeyedStateBackend<Object> state = ((AbstractStreamOperator<?>) harness.getOperator()).getKeyedStateBackend();
        for (String name : List.of("open-lists", "feedback", "outcomes-due", "timer")) {
            try (Stream<Object> users = state.getKeys(name, VoidNamespace.INSTANCE)) {
                assertThat(users).as(name).isEmpty();
            }
        }
        assertThat(harness.numEventTimeTimers()).isZero();
    }
}
