package dev.rebound.operators.user;

import static dev.rebound.operators.Signals.aRequest;
import static dev.rebound.operators.Signals.aSearchRequest;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.QueryKey;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserFeatureOperatorTest {
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int MAX_PARALLELISM = 16;

    private KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask> harness;

    @BeforeEach
    void start() throws Exception {
        harness = harness(1, 0);
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask> harness(
            int parallelism, int subtask) throws Exception {
        var operator = new UserFeatureOperator(new UserFeatures(WINDOW, INTERVAL), Duration.ofDays(100), 10);
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask>(
                SimpleOperatorFactory.of(operator),
                signal -> signal.userId,
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                subtask);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(UserFeatureOperator.type()
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.getStreamConfig().setupNetworkInputs(new UserSignalSerializer());
        return harness;
    }

    private void send(UserSignal signal) throws Exception {
        harness.processElement(signal, signal.timeMillis);
    }

    private List<ScoringTask> tasks(ScoringTask.Kind kind) {
        return harness.extractOutputValues().stream()
                .filter(task -> task.kind == kind)
                .toList();
    }

    private List<ScoringTask> profiles() throws Exception {
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        return tasks(ScoringTask.Kind.PROFILE);
    }

    private static int views(ScoringTask task) {
        return task.eventCounts[EventType.VIEW.ordinal()];
    }

    @Test
    void aDuplicateWithinTheWindowIsDropped() throws Exception {
        send(anEvent("e1").atSecond(0));
        send(anEvent("e2").atSecond(1));
        send(anEvent("e1").atSecond(0));

        assertThat(profiles())
                .singleElement()
                .satisfies(profile -> assertThat(views(profile)).isEqualTo(2));
    }

    private List<ItemSignal> choices() {
        var sent = harness.getSideOutput(UserFeatureOperator.ITEM_SIGNALS);
        return sent == null
                ? List.of()
                : sent.stream()
                        .map(StreamRecord::getValue)
                        .filter(signal -> signal.kind == ItemSignal.Kind.QUERY)
                        .toList();
    }

    @Test
    void whatIsTakenAfterASearchIsTaughtOfTheQueryAndOfEachWord() throws Exception {
        UserSignal search = anEvent("s").searching("red lamp").atSecond(0);
        send(search);
        send(anEvent("c").doing(EventType.CLICK, "lamp-1").atSecond(20));

        assertThat(choices())
                .extracting(signal -> signal.itemKey)
                .contains(QueryKey.of(search.queryTerms), QueryKey.of(search.queryTerms[0]))
                .hasSize(3);
    }

    @Test
    void whatIsTakenLongAfterASearchOrFromAnotherListIsNot() throws Exception {
        send(aSearchRequest("r1", "u", "lamp"));
        send(anEvent("c1").doing(EventType.CLICK, "a").of("another").atSecond(5));
        send(anEvent("c2").doing(EventType.CLICK, "b").atSecond(301));
        assertThat(choices()).isEmpty();

        send(anEvent("c3").doing(EventType.CLICK, "c").of("r1").atSecond(600));
        assertThat(choices())
                .singleElement()
                .satisfies(signal -> assertThat(signal.toItemKey).isEqualTo(ItemKey.of("c")));
    }

    @Test
    void aSearchRequestTakesTheWordsAlongAndTheNextTaskHasNone() throws Exception {
        send(aSearchRequest("r1", "u", "red lamp"));
        send(anEvent("e1").atSecond(5));

        ScoringTask asked = tasks(ScoringTask.Kind.REQUEST).get(0);
        assertThat(asked.query).isEqualTo("red lamp");
        assertThat(asked.queryTerms).hasSize(2);
        assertThat(tasks(ScoringTask.Kind.EVENT).get(0).queryTerms).isEmpty();
    }

    private UserCampaigns campaignsAsked(String requestId) throws Exception {
        UserSignal request = aRequest(requestId, "u");
        request.type = Scenario.CAMPAIGN.ordinal();
        send(request);
        List<ScoringTask> asked = tasks(ScoringTask.Kind.REQUEST);
        return asked.get(asked.size() - 1).campaigns;
    }

    @Test
    void whatWasShownAndRedeemedGoesAlongWithACampaignRequestAlsoAfterARestore() throws Exception {
        send(anEvent("e1").with(EventType.IMPRESSION, "c").atSecond(0));
        send(anEvent("e2").with(EventType.IMPRESSION, "c").atSecond(1));
        send(anEvent("e2").with(EventType.IMPRESSION, "c").atSecond(1));
        send(anEvent("e3").with(EventType.PURCHASE, "c").atSecond(2));
        send(anEvent("e4").with(EventType.CLICK, "c").atSecond(3));
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness(1, 0);
        harness.initializeState(snapshot);
        harness.open();

        UserCampaigns own = campaignsAsked("r1");
        assertThat(own.impressions(ItemKey.of("c"))).isEqualTo(2);
        assertThat(own.redemptions(ItemKey.of("c"))).isEqualTo(1);
        assertThat(own.impressions(ItemKey.of("another"))).isZero();
    }

    @Test
    void aRedemptionIsToldToTheCampaignOnce() throws Exception {
        UserSignal redemption = anEvent("e1").with(EventType.PURCHASE, "c").atSecond(0);
        redemption.costMinor = 250;
        send(redemption);
        send(redemption);
        send(anEvent("e2").with(EventType.IMPRESSION, "c").atSecond(1));

        assertThat(harness.getSideOutput(UserFeatureOperator.CAMPAIGN_SIGNALS))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.getValue().kind).isEqualTo(CampaignSignal.Kind.REDEEMED);
                    assertThat(told.getValue().campaignKey).isEqualTo(ItemKey.of("c"));
                    assertThat(told.getValue().costMinor).isEqualTo(250);
                });
    }

    @Test
    void anErasedUserHasSeenNoCampaign() throws Exception {
        send(anEvent("e1").with(EventType.IMPRESSION, "c").atSecond(0));
        send(anEvent("e2").erasing().atSecond(1));

        assertThat(campaignsAsked("r1")).isNull();
    }

    @Test
    void theSameEventIdOfAnotherUserIsNoDuplicate() throws Exception {
        send(anEvent("e1").by("a").atSecond(0));
        send(anEvent("e1").by("b").atSecond(0));

        assertThat(profiles()).hasSize(2);
    }

    @Test
    void aDuplicateOfALateEventIsDropped() throws Exception {
        send(anEvent("e1").atSecond(10_000));
        send(anEvent("late").atSecond(0));
        send(anEvent("late").atSecond(0));

        assertThat(views(profiles().get(0))).isEqualTo(2);
    }

    @Test
    void anIdIsForgottenAfterTheWindowAndManyNewerIds() throws Exception {
        send(anEvent("e1").atSecond(0));
        for (int n = 0; n < DuplicateWindow.LEAST; n++) {
            send(anEvent("later" + n).atSecond(WINDOW.toSeconds() + 10));
        }
        send(anEvent("e1").atSecond(2 * WINDOW.toSeconds()));

        assertThat(views(profiles().get(0))).isEqualTo(2 + DuplicateWindow.LEAST);
    }

    @Test
    void anEventOfAClockThatRunsAheadMakesNoEventIdForgotten() throws Exception {
        send(anEvent("e1").atSecond(0));
        send(anEvent("ahead").atSecond(Duration.ofDays(30).toSeconds()));
        send(anEvent("e1").atSecond(0));

        assertThat(views(profiles().get(0))).isEqualTo(2);
    }

    @Test
    void aRequestOfAnotherTimeDoesNotMakeEventIdsForgotten() throws Exception {
        send(anEvent("e1").atSecond(0));
        UserSignal request = aRequest("r1", "u");
        request.timeMillis += Duration.ofDays(365).toMillis();
        send(request);
        send(anEvent("e1").atSecond(0));

        assertThat(views(profiles().get(0))).isEqualTo(1);
    }

    @Test
    void aLateEventStillCountsWithItsOwnTime() throws Exception {
        send(anEvent("e1").viewing("new").atSecond(100));
        harness.processWatermark(new Watermark(anEvent("").atSecond(90).timeMillis));
        send(anEvent("e2").viewing("old").atSecond(50));

        ScoringTask profile = profiles().get(0);
        assertThat(views(profile)).isEqualTo(2);
        assertThat(profile.recent.itemKey(0)).isEqualTo(ItemKey.of("new"));
        assertThat(profile.recent.itemKey(1)).isEqualTo(ItemKey.of("old"));
        assertThat(profile.firstEventMillis).isEqualTo(anEvent("").atSecond(50).timeMillis);
    }

    @Test
    void anEventScoresItsUserAtMostOnceAnInterval() throws Exception {
        send(anEvent("e1").atSecond(0));
        send(anEvent("e2").atSecond(INTERVAL.toSeconds() - 1));
        send(anEvent("e3").atSecond(INTERVAL.toSeconds()));

        assertThat(tasks(ScoringTask.Kind.EVENT))
                .extracting(task -> task.triggerId)
                .containsExactly("e1", "e3");
    }

    @Test
    void anImpressionScoresNobody() throws Exception {
        send(anEvent("e1").doing(EventType.IMPRESSION, "i").atSecond(0));

        assertThat(tasks(ScoringTask.Kind.EVENT)).isEmpty();
        assertThat(profiles().get(0).recent.size()).isZero();
    }

    @Test
    void aRequestIsAlwaysAnsweredAndARepeatedOneOnce() throws Exception {
        send(aRequest("r1", "unknown"));
        send(aRequest("r2", "unknown"));
        send(aRequest("r2", "unknown"));

        assertThat(tasks(ScoringTask.Kind.REQUEST))
                .extracting(task -> task.triggerId)
                .containsExactly("r1", "r2");
        assertThat(profiles()).as("a request is no event").isEmpty();
    }

    @Test
    void transitionsGoFromRecentItemsToTheNewOneButNotAcrossSessions() throws Exception {
        send(anEvent("e1").viewing("a").atSecond(0));
        send(anEvent("e2").viewing("b").atSecond(10));
        send(anEvent("e3").viewing("c").atSecond(20));
        send(anEvent("e4").viewing("d").atSecond(7200));

        assertThat(harness.getSideOutput(UserFeatureOperator.ITEM_SIGNALS))
                .extracting(record -> record.getValue())
                .filteredOn(signal -> signal.kind == ItemSignal.Kind.TRANSITION)
                .extracting(signal -> List.of(signal.itemKey, signal.toItemKey, signal.weight))
                .containsExactly(
                        List.of(ItemKey.of("a"), ItemKey.of("b"), 1f),
                        List.of(ItemKey.of("b"), ItemKey.of("c"), 1f),
                        List.of(ItemKey.of("a"), ItemKey.of("c"), 0.5f));
    }

    @Test
    void anErasedUserIsForgottenAndTheProfileRemoved() throws Exception {
        send(anEvent("e1").atSecond(0));
        send(anEvent("x").erasing().atSecond(1));

        assertThat(tasks(ScoringTask.Kind.ERASURE)).hasSize(1);
        assertThat(profiles()).isEmpty();
        send(anEvent("e2").atSecond(2));
        assertThat(views(profiles().get(0))).isEqualTo(1);
    }

    private void timePasses(Duration time) throws Exception {
        harness.setStateTtlProcessingTime(harness.getProcessingTime() + time.toMillis());
        harness.setProcessingTime(harness.getProcessingTime() + time.toMillis());
    }

    @Test
    void theProfileOfAUserWhoIsNoLongerKeptIsRemovedAlsoAfterARestore() throws Exception {
        send(anEvent("e1").by("gone").atSecond(0));
        send(anEvent("e2").by("back").atSecond(0));
        profiles();
        timePasses(Duration.ofDays(60));
        send(anEvent("e3").by("back").atSecond(1));
        profiles();
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness(1, 0);
        harness.setProcessingTime(Duration.ofDays(60).toMillis());
        harness.setStateTtlProcessingTime(Duration.ofDays(60).toMillis());
        harness.initializeState(snapshot);
        harness.open();

        timePasses(Duration.ofDays(41));
        assertThat(tasks(ScoringTask.Kind.EXPIRY))
                .extracting(expired -> expired.userId)
                .containsExactly("gone");

        timePasses(Duration.ofDays(90));
        assertThat(tasks(ScoringTask.Kind.EXPIRY))
                .extracting(expired -> expired.userId)
                .containsExactly("gone", "back");
    }

    @Test
    void anErasedUserHasNoTimer() throws Exception {
        send(anEvent("e1").atSecond(0));
        profiles();
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);

        send(anEvent("x").erasing().atSecond(1));

        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    @Test
    void onlyUsersThatChangedGetANewProfile() throws Exception {
        send(anEvent("e1").by("a").atSecond(0));
        profiles();
        send(anEvent("e2").by("b").atSecond(0));

        assertThat(profiles()).extracting(task -> task.userId).containsExactly("a", "b");
    }

    private static UserSignal impression(String id, String itemId, long second) {
        return anEvent(id).doing(EventType.IMPRESSION, itemId).atSecond(second);
    }

    private static List<Long> shown(ScoringTask task) {
        return LongStream.range(0, task.shown.size())
                .mapToObj(n -> task.shown.itemKey((int) n))
                .toList();
    }

    @Test
    void whatWasShownAndNotTakenIsKnownToTheScoring() throws Exception {
        send(impression("e1", "a", 0));
        send(impression("e2", "b", 0));
        send(impression("e2", "b", 0));
        send(impression("e3", "a", 5));
        send(anEvent("e4").viewing("b").atSecond(9));

        ScoringTask task = tasks(ScoringTask.Kind.EVENT).get(0);
        assertThat(shown(task)).as("b was taken").containsExactly(ItemKey.of("a"));
        assertThat(task.shown.count(0)).isEqualTo(2);
    }

    @Test
    void aLateImpressionOfWhatWasTakenDoesNotCount() throws Exception {
        send(anEvent("e1").viewing("a").atSecond(100));
        send(impression("e2", "a", 90));
        send(impression("e3", "b", 90));
        send(impression("e4", "a", 110));

        assertThat(shown(profiles().get(0))).containsExactly(ItemKey.of("a"), ItemKey.of("b"));
    }

    @Test
    void aRestoreKeepsWhatWasShown() throws Exception {
        send(impression("e1", "a", 0));
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness(1, 0);
        harness.initializeState(snapshot);
        harness.open();
        send(impression("e1", "a", 0));
        send(impression("e2", "b", 1));

        assertThat(shown(profiles().get(0))).containsExactly(ItemKey.of("b"), ItemKey.of("a"));
        assertThat(profiles().get(0).shown.count(1))
                .as("the repeated impression is a duplicate")
                .isEqualTo(1);
    }

    @Test
    void aRestoreKeepsCountsRecentItemsAndKnownIds() throws Exception {
        send(anEvent("e1").viewing("a").atSecond(0));
        send(anEvent("e2").viewing("b").atSecond(5));
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness(1, 0);
        harness.initializeState(snapshot);
        harness.open();
        send(anEvent("e2").viewing("b").atSecond(5));
        send(anEvent("e3").viewing("c").atSecond(9));

        ScoringTask profile = profiles().get(0);
        assertThat(views(profile)).isEqualTo(3);
        assertThat(profile.recent.itemKey(2)).isEqualTo(ItemKey.of("a"));
    }

    @Test
    void rescalingKeepsEveryUser() throws Exception {
        for (int user = 0; user < 40; user++) {
            send(anEvent("e").by("u" + user).atSecond(0));
        }
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);

        int seen = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            try (var half = harness(2, subtask)) {
                half.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        snapshot, MAX_PARALLELISM, 1, 2, subtask));
                half.open();
                for (int user = 0; user < 40; user++) {
                    UserSignal again = anEvent("e").by("u" + user).atSecond(0);
                    int group = KeyGroupRangeAssignment.assignToKeyGroup(again.userId, MAX_PARALLELISM);
                    if (group * 2 / MAX_PARALLELISM == subtask) {
                        half.processElement(again, 0);
                        seen++;
                    }
                }
                assertThat(half.extractOutputValues()).as("every id is known").isEmpty();
            }
        }
        assertThat(seen).isEqualTo(40);
    }

    private List<ItemSignal> sessions() throws Exception {
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        return harness.getSideOutput(UserFeatureOperator.ITEM_SIGNALS).stream()
                .map(StreamRecord::getValue)
                .filter(signal -> signal.kind == ItemSignal.Kind.SESSION)
                .toList();
    }

    @Test
    void theCurrentSessionIsToldAtACheckpointInTheOrderOfTime() throws Exception {
        long gap = UserFeatures.SESSION_GAP_MILLIS / 1000 + 1;
        send(anEvent("e1").viewing("before").atSecond(0));
        send(anEvent("e2").viewing("b").atSecond(gap + 60));
        send(anEvent("e3").viewing("a").atSecond(gap));

        assertThat(sessions())
                .singleElement()
                .satisfies(
                        session -> assertThat(session.sessionItems).containsExactly(ItemKey.of("a"), ItemKey.of("b")));
    }

    @Test
    void aSessionOfOneItemIsNotTold() throws Exception {
        send(anEvent("e1").viewing("a").atSecond(0));

        assertThat(sessions()).isEmpty();
    }

    @Test
    void anErasedUsersSessionsAreErased() throws Exception {
        send(anEvent("e1").viewing("a").atSecond(0));
        send(anEvent("e2").viewing("b").atSecond(1));
        long key = sessions().get(0).itemKey;
        send(anEvent("e3").erasing().atSecond(2));

        List<ItemSignal> told = sessions();
        assertThat(told).hasSize(2);
        assertThat(told.get(1).itemKey).isEqualTo(key);
        assertThat(told.get(1).sessionItems).isEmpty();
    }
}
