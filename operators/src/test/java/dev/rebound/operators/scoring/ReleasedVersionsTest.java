package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.TrafficSplit;
import dev.rebound.operators.release.VersionHealth;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Which version scores whom, and what is told of it, in Flink's harness. */
class ReleasedVersionsTest extends ScoringHarness {
    ReleasedVersionsTest() {
        super(Duration.ZERO, Duration.ZERO);
    }

    private List<Alert> alerts() throws Exception {
        harness.setProcessingTime(harness.getProcessingTime() + 1);
        RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
        List<Alert> alerts = new ArrayList<>();
        for (OutputRecord record : side(ScoringOutputs.ALERTS)) {
            assertThat(record.topic()).isEqualTo(Topic.ALERTS);
            alerts.add(codec.decode(record.value(), null));
        }
        return alerts;
    }

    /** What was told of a version, after the next time that it is. */
    private VersionHealth health(String version) throws Exception {
        harness.setProcessingTime(harness.getProcessingTime() + 2_000);
        List<VersionHealth> told = side(ScoringOutputs.HEALTH).stream()
                .filter(health -> health.version.equals(version))
                .toList();
        assertThat(told).as("health of %s", version).hasSize(1);
        return told.get(0);
    }

    @Test
    void eachUserIsScoredByTheVersionThatIsDueAndEachVersionInOnePassABatch() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("v2", ReleaseStage.CANARY, 30, 2);
        for (int i = 0; i < 10; i++) {
            batch();
        }

        TrafficSplit split = new TrafficSplit("v2", 30);
        assertThat(recommendations())
                .hasSize(10 * BATCH)
                .allSatisfy(answer ->
                        assertThat(answer.getModelVersion()).isEqualTo(split.has(answer.getUserId()) ? "v2" : "v1"));
        assertThat(byVersion()).containsOnlyKeys("v1", "v2");
        assertThat(passes).isEqualTo(Map.of("v1", 10, "v2", 10));
        assertThat(side(ScoringOutputs.LISTS))
                .allSatisfy(list -> assertThat(list.modelVersion).isEqualTo(split.has(list.userId) ? "v2" : "v1"));
    }

    @Test
    void aUserWhomAVersionMakesNoScoresOfIsTheOneBeforesAndTheOthersAreNot() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("partly-2", ReleaseStage.LIVE, 100, 2);
        for (int i = 0; i < BATCH; i++) {
            send(request(i == 5 ? "u1" : "u" + i));
        }

        assertThat(byVersion()).isEqualTo(Map.of("v1", 2L, "partly-2", BATCH - 2L));
        assertThat(recommendations())
                .filteredOn(answer -> answer.getUserId().equals("u1"))
                .as("in the order of the user's tasks")
                .extracting(Recommendation::getRequestId)
                .containsExactly("r1", "r5");
        VersionHealth health = health("partly-2");
        assertThat(health.users).isEqualTo(BATCH);
        assertThat(health.failedBatches).isEqualTo(1);
        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.getReason()).isEqualTo("MODEL_FAILED"));
    }

    @Test
    void aVersionWhoseEncoderFindsNoRoomFailsAndTheJobDoesNot() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("too-large-2", ReleaseStage.LIVE, 100, 2);
        release("too-large-3", ReleaseStage.SHADOW, 0, 3);
        batch();

        assertThat(byVersion()).containsOnlyKeys("v1");
        assertThat(alerts()).anySatisfy(alert -> assertThat(alert.getMessage()).contains("encoder", "out of memory"));
    }

    @Test
    void aPromotedCanaryAnswersEverybodyWithoutBeingLoadedAgain() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("v2", ReleaseStage.CANARY, 30, 2);
        release("v2", ReleaseStage.LIVE, 100, 3);
        batch();

        assertThat(byVersion()).containsOnlyKeys("v2");
        assertThat(opened).containsExactly("v1", "v2");
        assertThat(closed).isEmpty();
    }

    @Test
    void aRollbackAnswersByTheVersionBeforeAndFreesTheBadOne() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("v2", ReleaseStage.LIVE, 100, 2);
        release("v1", ReleaseStage.LIVE, 100, 3);
        release("v2", ReleaseStage.RETIRED, 0, 4);
        batch();

        assertThat(byVersion()).containsOnlyKeys("v1");
        assertThat(opened).as("v1 had stayed in memory").containsExactly("v1", "v2");
        assertThat(closed).containsExactly("v2");
    }

    @Test
    void theUsersOfAFailingCanaryAreAnsweredByTheLiveVersionAndAnAlertIsRaisedOnce() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("throwing", ReleaseStage.CANARY, 50, 2);
        batch();
        batch();

        assertThat(byVersion()).isEqualTo(Map.of("v1", 2L * BATCH));
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.getReason()).isEqualTo("MODEL_FAILED");
            assertThat(alert.getSubject()).isEqualTo("ranker/throwing");
            assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.WARNING);
            assertThat(alert.getMessage()).contains("CANARY", "broken");
            assertThat(alert.getCommand()).isEqualTo("rebound model retire throwing --model ranker");
        });
        VersionHealth health = health("throwing");
        assertThat(health.failedBatches).isEqualTo(2);
        assertThat(health.batches).isEqualTo(2);
        assertThat(health.stage).isEqualTo(ReleaseStage.CANARY.ordinal());
    }

    @Test
    void aRefusedPackageRaisesAnAlertAndChangesNothing() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("refused", ReleaseStage.LIVE, 100, 2);
        batch();

        assertThat(byVersion()).containsOnlyKeys("v1");
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.getReason()).isEqualTo("MODEL_REFUSED");
            assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.CRITICAL);
            assertThat(alert.getMessage()).contains("LIVE", "tampered");
        });
    }

    @Test
    void aPackageThatCantBeReadNowStaysInForceAndServesWhenItCan() throws Exception {
        registryIsAway = true;
        release("v1", ReleaseStage.LIVE, 100, 1);
        OperatorSubtaskState meanwhile = harness.snapshot(1, 1);
        batch();
        batch();

        assertThat(byVersion()).containsOnlyKeys(ScoringBatch.RETRIEVAL_ORDER);
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.getReason()).isEqualTo("MODEL_UNAVAILABLE");
            assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.CRITICAL);
            assertThat(alert.getMessage()).contains("LIVE", "model.json can't be read now", "tried again");
        });

        registryIsAway = false;
        awaitServing("v1");

        harness.close();
        harness = harness();
        harness.initializeState(meanwhile);
        harness.open();
        shop();
        awaitServing("v1");
    }

    @Test
    void aPackageThatIsNeededNoMoreIsNotTriedAgain() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        registryIsAway = true;
        release("v2", ReleaseStage.LIVE, 100, 2);
        release("v2", ReleaseStage.RETIRED, 0, 3);
        registryIsAway = false;
        release("v3", ReleaseStage.LIVE, 100, 4);
        awaitServing("v3");

        assertThat(opened).containsExactly("v1", "v3");
    }

    /** How long a version waits until it is tried again is real time. */
    private void awaitServing(String version) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            harness.setProcessingTime(harness.getProcessingTime() + 1_000);
            batch();
            return byVersion().containsKey(version);
        });
    }

    @Test
    void aShadowScoresTheSameUsersAndIsComparedButNotShown() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("backwards", ReleaseStage.SHADOW, 0, 2);
        batch();
        batch();

        assertThat(byVersion()).isEqualTo(Map.of("v1", 2L * BATCH));
        VersionHealth health = health("backwards");
        assertThat(health.comparedUsers)
                .as("the first user shows what one costs, the next batch is scored as far as the budget goes")
                .isBetween(2L, 1L + BATCH);
        assertThat(health.users).isEqualTo(health.comparedUsers);
        assertThat(health.rankCorrelation / health.comparedUsers).isCloseTo(-1, within(1e-9));
        assertThat(health.topTenOverlap).as("the ten best of twenty, backwards").isZero();
        assertThat(Arrays.stream(health.scores).sum()).isEqualTo(10 * health.comparedUsers);
        assertThat(Arrays.stream(health.liveScores).sum()).isEqualTo(10 * health.comparedUsers);
        assertThat(health.liveScores).isNotEqualTo(health.scores);
        assertThat(health.stage).isEqualTo(ReleaseStage.SHADOW.ordinal());
    }

    @Test
    void aShadowThatFailsCostsNoAnswer() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("throwing", ReleaseStage.SHADOW, 0, 2);
        batch();

        assertThat(byVersion()).isEqualTo(Map.of("v1", (long) BATCH));
        assertThat(alerts()).extracting(Alert::getReason).containsExactly("MODEL_FAILED");
        assertThat(health("throwing").failedBatches).isEqualTo(1);
    }

    @Test
    void whatTheLiveVersionDidIsTold() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        batch();
        batch();

        VersionHealth health = health("v1");

        assertThat(health.model).isEqualTo("ranker");
        assertThat(health.users).isEqualTo(2 * BATCH);
        assertThat(health.batches).isEqualTo(2);
        assertThat(health.failedBatches).isZero();
        assertThat(Arrays.stream(health.latencies).sum()).isEqualTo(2);
        assertThat(Arrays.stream(health.scores).sum()).isEqualTo(2 * BATCH * 10);
        assertThat(health.stage).isEqualTo(ReleaseStage.LIVE.ordinal());
    }

    @Test
    void whatAVersionDidIsToldOfTheStageInWhichItDidIt() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("v2", ReleaseStage.CANARY, 50, 2);
        batch();
        release("v2", ReleaseStage.LIVE, 100, 3);
        batch();
        harness.setProcessingTime(harness.getProcessingTime() + 2_000);

        assertThat(side(ScoringOutputs.HEALTH))
                .filteredOn(health -> health.version.equals("v2"))
                .extracting(health -> ReleaseStage.values()[health.stage])
                .containsExactly(ReleaseStage.CANARY, ReleaseStage.LIVE);
    }

    @Test
    void aRestoreScoresWithTheVersionsOfItsMomentFromTheFirstRecordOn() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, 1);
        release("v2", ReleaseStage.CANARY, 30, 2);
        release("v3", ReleaseStage.SHADOW, 0, 3);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        release("v2", ReleaseStage.LIVE, 100, 4);
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        shop();
        batch();

        TrafficSplit split = new TrafficSplit("v2", 30);
        assertThat(recommendations())
                .hasSize(BATCH)
                .allSatisfy(answer ->
                        assertThat(answer.getModelVersion()).isEqualTo(split.has(answer.getUserId()) ? "v2" : "v1"));
        assertThat(passes).containsKey("v3");
    }
}
