package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.VersionHealth;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseAction;
import dev.rebound.schemas.ReleaseDecision;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseGuardOperatorTest {
    private static final long ISSUED = 1_700_000_000_000L;
    private static final long START = ISSUED + 3_600_000;
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private OneInputStreamOperatorTestHarness<GuardSignal, OutputRecord> harness;
    private long now = START;

    @BeforeEach
    void start() throws Exception {
        harness = harness(false);
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private OneInputStreamOperatorTestHarness<GuardSignal, OutputRecord> harness(boolean promotes) throws Exception {
        GuardSettings settings = new GuardSettings(0.05, 1_000, 0.01, 3, 0.25, promotes, INTERVAL);
        var made = new OneInputStreamOperatorTestHarness<>(
                new ReleaseGuardOperator(settings), GuardSignal.TYPE.createSerializer(null));
        made.setup(new OutputRecord.Serializer());
        made.setProcessingTime(now);
        return made;
    }

    /** Closes it, and goes on from the snapshot in another one. */
    private void restart(OperatorSubtaskState snapshot) throws Exception {
        harness.close();
        harness = harness(false);
        harness.initializeState(snapshot);
        harness.open();
    }

    private void pass(Duration time) throws Exception {
        for (long end = now + time.toMillis(); now < end; ) {
            now = Math.min(end, now + INTERVAL.toMillis());
            harness.setProcessingTime(now);
        }
    }

    private static ModelRelease aRelease(String version, ReleaseStage stage, double percent, long issued) {
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("hdfs://models/ranker/" + version)
                .setSha256("sum-of-" + version)
                .setStage(stage)
                .setTrafficPercent(percent)
                .setIssuedAt(issued)
                .build();
    }

    private void release(String version, ReleaseStage stage, double percent, long issued) throws Exception {
        release(aRelease(version, stage, percent, issued));
    }

    private void release(ModelRelease release) throws Exception {
        harness.processElement(new StreamRecord<>(GuardSignal.of(release)));
    }

    private void releaseLiveAndCanary() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, ISSUED);
        release("v2", ReleaseStage.CANARY, 10, ISSUED + 100);
    }

    /** One list of ten for each user, of which each clicks as often; a list in ten is bought from. */
    private void lists(String version, int users, int clicks) throws Exception {
        for (int user = 0; user < users; user++) {
            VersionOutcome outcome = new VersionOutcome();
            outcome.modelVersion = version;
            outcome.userHash = VersionOutcome.userHash(ItemKey.hash(version + user));
            outcome.scoredMillis = now;
            outcome.impressions = 10;
            outcome.clicks = user % 2 == 0 ? 2 * clicks : 0;
            outcome.conversions = user % 10 == 0 ? 1 : 0;
            harness.processElement(new StreamRecord<>(GuardSignal.of(outcome)));
        }
    }

    private static VersionHealth aHealth(String version, long now, int batches, int failed) {
        VersionHealth health = new VersionHealth();
        health.model = "ranker";
        health.version = version;
        health.timeMillis = now;
        health.users = batches * 10L;
        health.batches = batches;
        health.failedBatches = failed;
        return health;
    }

    private void health(VersionHealth health) throws Exception {
        harness.processElement(new StreamRecord<>(GuardSignal.of(health)));
    }

    private <T extends SpecificRecord> List<T> out(Topic topic, Class<T> type) throws Exception {
        RecordCodec<T> codec = RecordCodec.of(type);
        List<T> records = new ArrayList<>();
        for (OutputRecord record : harness.extractOutputValues()) {
            if (record.topic() == topic) {
                records.add(codec.decode(record.value(), null));
            }
        }
        return records;
    }

    private List<ReleaseDecision> decisions() throws Exception {
        return out(Topic.RELEASE_DECISIONS, ReleaseDecision.class);
    }

    private List<ModelRelease> releases() throws Exception {
        return out(Topic.MODEL_RELEASES, ModelRelease.class);
    }

    private List<Alert> alerts() throws Exception {
        return out(Topic.ALERTS, Alert.class);
    }

    private ModelReport newestReport(String version) throws Exception {
        List<ModelReport> reports = out(Topic.MODEL_REPORTS, ModelReport.class).stream()
                .filter(report -> report.getVersion().equals(version))
                .toList();
        return reports.get(reports.size() - 1);
    }

    @Test
    void aCanaryWithFewerClicksIsRolledBackWithItsEvidence() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        lists("v2", 1_000, 1);
        assertThat(decisions()).isEmpty();
        pass(INTERVAL);

        assertThat(releases()).singleElement().satisfies(retired -> {
            assertThat(retired.getVersion()).isEqualTo("v2");
            assertThat(retired.getStage()).isEqualTo(ReleaseStage.RETIRED);
            assertThat(retired.getTrafficPercent()).isZero();
            assertThat(retired.getPackageUri()).isEqualTo("hdfs://models/ranker/v2");
            assertThat(retired.getSha256()).isEqualTo("sum-of-v2");
            assertThat(retired.getIssuedBy()).isEqualTo("release-guard");
            assertThat(retired.getReason()).startsWith("FEWER_CLICKS: clicks an impression 0.1000, LIVE v1 0.3000");
            assertThat(retired.getIssuedAt()).isEqualTo(ISSUED + 101);
        });
        assertThat(decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.getAction()).isEqualTo(ReleaseAction.ROLLED_BACK);
            assertThat(decision.getReason()).isEqualTo("FEWER_CLICKS");
            assertThat(decision.getReleaseIssuedAt()).isEqualTo(ISSUED + 100);
            assertThat(decision.getDecidedAt()).isEqualTo(now);
            assertThat(decision.getAlpha()).isEqualTo(0.05);
            assertThat(decision.getCanary().getImpressions()).isEqualTo(10_000);
            assertThat(decision.getCanary().getClicks()).isEqualTo(1_000);
            assertThat(decision.getCanary().getClickLift().getUpper()).isNegative();
            assertThat(decision.getLive().getClicks()).isEqualTo(9_000);
        });
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.getSubject()).isEqualTo("ranker/v2");
            assertThat(alert.getReason()).isEqualTo("CANARY_ROLLED_BACK");
            assertThat(alert.getCommand()).isEqualTo("rebound model report");
        });
        assertThat(harness.extractOutputValues())
                .filteredOn(record -> record.topic() == Topic.MODEL_RELEASES)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactly("ranker/v2");
    }

    @Test
    void aDecisionIsMadeOnceARelease() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        lists("v2", 1_000, 1);
        pass(INTERVAL.multipliedBy(3));
        release("v2", ReleaseStage.CANARY, 10, ISSUED + 100);
        lists("v2", 1_000, 1);
        pass(INTERVAL);
        assertThat(decisions()).hasSize(1);

        release("v2", ReleaseStage.CANARY, 20, ISSUED + 200);
        lists("v1", 3_000, 3);
        lists("v2", 1_000, 1);
        pass(INTERVAL);

        assertThat(decisions())
                .extracting(ReleaseDecision::getReleaseIssuedAt)
                .containsExactly(ISSUED + 100, ISSUED + 200);
        assertThat(releases()).hasSize(2);
    }

    @Test
    void aDecisionBeforeACheckpointIsNotMadeAgainAfterIt() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        lists("v2", 1_000, 1);
        pass(INTERVAL);
        restart(harness.snapshot(1, 1));
        lists("v2", 1_000, 1);
        pass(INTERVAL.multipliedBy(2));

        assertThat(decisions()).isEmpty();
        assertThat(releases()).isEmpty();
    }

    @Test
    void aDecisionThatAFailureRepeatsGivesTheSameRelease() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        lists("v2", 1_000, 1);
        pass(INTERVAL);
        ModelRelease first = releases().get(0);
        restart(snapshot);
        lists("v2", 1_000, 1);
        pass(INTERVAL.multipliedBy(5));

        assertThat(releases()).singleElement().isEqualTo(first);
    }

    @Test
    void evidenceIsGatheredOnAfterARestore() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        lists("v2", 80, 1);
        pass(INTERVAL);
        assertThat(decisions()).isEmpty();
        restart(harness.snapshot(1, 1));
        lists("v2", 600, 1);
        pass(INTERVAL);

        assertThat(decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.getCanary().getLists()).isEqualTo(680);
            assertThat(decision.getLive().getLists()).isEqualTo(3_000);
        });
    }

    @Test
    void aCanaryThatFailsIsRolledBackAtOnce() throws Exception {
        releaseLiveAndCanary();
        health(aHealth("v2", now, 2, 2));
        assertThat(decisions()).as("two failures may be chance").isEmpty();
        health(aHealth("v2", now, 1, 1));

        assertThat(decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.getReason()).isEqualTo("FAILURES");
            assertThat(decision.getAlpha()).isZero();
            assertThat(decision.getCanary().getFailedBatches()).isEqualTo(3);
            assertThat(decision.getCanary().getBatches()).isEqualTo(3);
        });
        assertThat(releases()).extracting(ModelRelease::getStage).containsExactly(ReleaseStage.RETIRED);
    }

    @Test
    void aCanaryThatBeginsToFailAfterManyGoodBatchesIsRolledBack() throws Exception {
        releaseLiveAndCanary();
        health(aHealth("v2", now, 100_000, 0));
        pass(Duration.ofMinutes(3));
        health(aHealth("v2", now, 50, 25));

        assertThat(decisions()).extracting(ReleaseDecision::getReason).containsExactly("FAILURES");
    }

    @Test
    void aFewFailuresAmongManyBatchesAreAllowed() throws Exception {
        releaseLiveAndCanary();
        health(aHealth("v2", now, 1_000, 9));
        pass(INTERVAL);

        assertThat(decisions()).isEmpty();
    }

    @Test
    void aLiveVersionOrShadowThatFailsIsNotTheGuardsToRollBack() throws Exception {
        releaseLiveAndCanary();
        release("v3", ReleaseStage.SHADOW, 0, ISSUED + 300);
        health(aHealth("v1", now, 10, 5));
        health(aHealth("v3", now, 10, 5));
        pass(INTERVAL);

        assertThat(decisions()).isEmpty();
        assertThat(newestReport("v1").getFailedBatches()).isEqualTo(5);
    }

    @Test
    void versionsThatHaveEndedAreForgottenInTheEnd() throws Exception {
        for (int i = 0; i < 500; i++) {
            release("old-" + i, ReleaseStage.RETIRED, 0, ISSUED - 1000 + i);
        }
        releaseLiveAndCanary();
        lists("v1", 10, 1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        restart(snapshot);
        pass(INTERVAL);

        assertThat(snapshot.getManagedOperatorState().getStateSize()).isLessThan(64 * 1024);
        assertThat(newestReport("v1").getLists()).isEqualTo(10);
    }

    @Test
    void aSlowCanaryIsRolledBack() throws Exception {
        releaseLiveAndCanary();
        VersionHealth live = aHealth("v1", now, 1_000, 0);
        live.latencies[12] = 1_000; // 2 to 4 ms
        VersionHealth canary = aHealth("v2", now, 1_000, 0);
        canary.latencies[13] = 1_000; // 4 to 8 ms
        health(live);
        health(canary);
        pass(INTERVAL);
        assertThat(decisions()).as("twice as slow is allowed").isEmpty();
        VersionHealth slower = aHealth("v2", now, 1_000, 0);
        slower.latencies[15] = 1_000; // 16 to 32 ms
        health(slower);
        pass(INTERVAL);

        assertThat(decisions()).extracting(ReleaseDecision::getReason).containsExactly("SLOW");
    }

    @Test
    void scoresThatDriftRaiseAnAlertAndNothingElse() throws Exception {
        releaseLiveAndCanary();
        VersionHealth live = aHealth("v1", now, 1_000, 0);
        live.scores[2] = 10_000;
        VersionHealth canary = aHealth("v2", now, 1_000, 0);
        canary.scores[7] = 10_000;
        health(live);
        health(canary);
        pass(INTERVAL.multipliedBy(2));

        assertThat(decisions()).isEmpty();
        assertThat(alerts()).extracting(Alert::getReason).containsExactly("SCORE_DRIFT");
        assertThat(newestReport("v2").getScoreDrift()).isGreaterThan(1);
    }

    @Test
    void aBetterCanaryIsOffered() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 2);
        lists("v2", 1_000, 4);
        pass(INTERVAL.multipliedBy(2));

        assertThat(decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.getAction()).isEqualTo(ReleaseAction.PROMOTION_OFFERED);
            assertThat(decision.getReason()).isEqualTo("MORE_CLICKS");
        });
        assertThat(releases()).isEmpty();
        assertThat(alerts()).extracting(Alert::getCommand).containsExactly("rebound model promote v2 --model ranker");
    }

    @Test
    void aBetterCanaryIsPromotedWhereThatIsThePolicy() throws Exception {
        harness.close();
        harness = harness(true);
        harness.open();
        release("v2", ReleaseStage.CANARY, 10, ISSUED - 100);
        release("v1", ReleaseStage.LIVE, 100, ISSUED);
        lists("v1", 3_000, 2);
        lists("v2", 1_000, 4);
        pass(INTERVAL.multipliedBy(2));

        assertThat(decisions()).extracting(ReleaseDecision::getAction).containsExactly(ReleaseAction.PROMOTED);
        assertThat(releases()).singleElement().satisfies(promoted -> {
            assertThat(promoted.getVersion()).isEqualTo("v2");
            assertThat(promoted.getStage()).isEqualTo(ReleaseStage.LIVE);
            assertThat(promoted.getTrafficPercent()).isEqualTo(100);
            assertThat(promoted.getIssuedAt()).as("newer than what is LIVE").isEqualTo(ISSUED + 1);
        });
        release(releases().get(0));
        pass(INTERVAL);
        assertThat(newestReport("v2").getStage()).isEqualTo(ReleaseStage.LIVE);
    }

    @Test
    void anOfferedCanaryThatFailsIsStillRolledBack() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 2);
        lists("v2", 1_000, 4);
        pass(INTERVAL);
        health(aHealth("v2", now, 10, 10));

        assertThat(decisions())
                .extracting(ReleaseDecision::getAction)
                .containsExactly(ReleaseAction.PROMOTION_OFFERED, ReleaseAction.ROLLED_BACK);
    }

    @Test
    void aNewSplitBeginsTheComparisonAnew() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 3_000, 3);
        lists("v2", 50, 1);
        pass(INTERVAL);
        assertThat(newestReport("v2").getComparison()).isEqualTo(1);
        release("v2", ReleaseStage.CANARY, 50, ISSUED + 200);
        pass(INTERVAL);

        assertThat(newestReport("v2").getComparison()).isEqualTo(2);
        assertThat(newestReport("v2").getImpressions()).isZero();
        assertThat(newestReport("v1").getImpressions())
                .as("of the same days as the canary's")
                .isZero();
        assertThat(newestReport("v2").getTrafficPercent()).isEqualTo(50);
    }

    @Test
    void aShadowDisturbsNoComparisonAndTellsHowItAgrees() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 30, 3);
        release("v3", ReleaseStage.SHADOW, 0, ISSUED + 300);
        VersionHealth shadow = aHealth("v3", now, 10, 0);
        shadow.comparedUsers = 100;
        shadow.topTenOverlap = 70;
        shadow.rankCorrelation = 80;
        health(shadow);
        pass(INTERVAL);

        assertThat(newestReport("v1").getLists()).isEqualTo(30);
        assertThat(newestReport("v3").getTopTenOverlap()).isEqualTo(0.7);
        assertThat(newestReport("v3").getRankCorrelation()).isEqualTo(0.8);
        assertThat(newestReport("v3").getClickLift()).isNull();
    }

    @Test
    void releasesInAnyOrderGiveTheSamePicture() throws Exception {
        release("v2", ReleaseStage.RETIRED, 0, ISSUED + 900);
        release("v2", ReleaseStage.CANARY, 10, ISSUED + 100);
        release("v1", ReleaseStage.LIVE, 100, ISSUED + 500);
        release("v0", ReleaseStage.LIVE, 100, ISSUED);
        pass(INTERVAL);

        assertThat(out(Topic.MODEL_REPORTS, ModelReport.class)).singleElement().satisfies(report -> {
            assertThat(report.getVersion()).isEqualTo("v1");
            assertThat(report.getStage()).isEqualTo(ReleaseStage.LIVE);
            assertThat(report.getLiveVersion()).isNull();
        });
    }

    @Test
    void whatWasScoredBeforeTheSplitDoesNotCount() throws Exception {
        releaseLiveAndCanary();
        now -= 1;
        lists("v1", 30, 3);
        health(aHealth("v1", now, 10, 0));
        now += 1;
        lists("v1", 20, 3);
        pass(INTERVAL);

        assertThat(newestReport("v1").getLists()).isEqualTo(20);
        assertThat(newestReport("v1").getBatches()).isZero();
        assertThat(newestReport("v1").getUsers()).isEqualTo(20);
    }

    @Test
    void aVersionThatEndsLeavesItsLastReport() throws Exception {
        releaseLiveAndCanary();
        lists("v1", 2_000, 3);
        lists("v2", 100, 3);
        release("v2", ReleaseStage.RETIRED, 0, ISSUED + 200);

        assertThat(newestReport("v2").getStage()).isEqualTo(ReleaseStage.RETIRED);
        assertThat(newestReport("v2").getLists()).isEqualTo(100);
        assertThat(newestReport("v2").getClickLift().getValue()).isZero();
        assertThat(newestReport("v2").getLiveVersion()).isEqualTo("v1");
    }

    @Test
    void outcomesOfUnknownVersionsAreNobodys() throws Exception {
        release("v1", ReleaseStage.LIVE, 100, ISSUED);
        lists("fallback:retrieval-order", 100, 3);
        health(aHealth("v7", now, 10, 10));
        pass(INTERVAL);

        assertThat(newestReport("v1").getLists()).isZero();
        assertThat(newestReport("v1").getClickRate().getValue()).isNull();
        assertThat(alerts()).isEmpty();
    }
}
