package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ReleasePlanTest {
    private static ModelRelease release(String version, ReleaseStage stage, long issuedAt) {
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("memory:" + version)
                .setSha256("0")
                .setStage(stage)
                .setTrafficPercent(stage == ReleaseStage.CANARY ? 10 : 0)
                .setIssuedAt(issuedAt)
                .build();
    }

    private static String describe(ReleasePlan plan) {
        return "live %s, canary %s, shadow %s"
                .formatted(
                        plan.live().stream().map(ModelRelease::getVersion).toList(),
                        plan.canary().map(ModelRelease::getVersion).orElse("-"),
                        plan.shadow().map(ModelRelease::getVersion).orElse("-"));
    }

    private static String planOf(ModelRelease... releases) {
        return describe(ReleasePlan.of(List.of(releases)));
    }

    @Test
    void theLiveVersionIssuedLastAnswersAndTheOneBeforeStandsBy() {
        assertThat(planOf(release("v1", ReleaseStage.LIVE, 1), release("v2", ReleaseStage.LIVE, 2)))
                .isEqualTo("live [v2, v1], canary -, shadow -");
    }

    @Test
    void whatDoesSomethingIsNeededAndOneToGoBackTo() {
        ReleasePlan plan = ReleasePlan.of(List.of(
                release("v1", ReleaseStage.LIVE, 1),
                release("v2", ReleaseStage.LIVE, 2),
                release("v3", ReleaseStage.LIVE, 3),
                release("v4", ReleaseStage.CANARY, 4),
                release("v5", ReleaseStage.SHADOW, 5),
                release("v6", ReleaseStage.LIGHT, 6),
                release("v7", ReleaseStage.RETIRED, 7)));

        assertThat(plan.answering()).map(ModelRelease::getVersion).contains("v3");
        assertThat(plan.needed()).extracting(ModelRelease::getVersion).containsExactly("v3", "v2", "v4", "v5", "v6");
    }

    @Test
    void aPromotedCanaryIsACanaryNoMore() {
        assertThat(planOf(
                        release("v1", ReleaseStage.LIVE, 1),
                        release("v2", ReleaseStage.CANARY, 2),
                        release("v3", ReleaseStage.SHADOW, 3),
                        release("v2", ReleaseStage.LIVE, 4)))
                .isEqualTo("live [v2, v1], canary -, shadow v3");
    }

    @Test
    void aRetiredLiveVersionMakesTheOneBeforeItLive() {
        assertThat(planOf(
                        release("v1", ReleaseStage.LIVE, 1),
                        release("v2", ReleaseStage.LIVE, 2),
                        release("v2", ReleaseStage.RETIRED, 3)))
                .isEqualTo("live [v1], canary -, shadow -");
    }

    @Test
    void ofTwoCanariesTheOneIssuedLastCounts() {
        assertThat(planOf(release("v3", ReleaseStage.CANARY, 3), release("v2", ReleaseStage.CANARY, 2)))
                .isEqualTo("live [], canary v3, shadow -");
    }

    @Test
    void releasesOfOneMomentAreOrderedByVersion() {
        assertThat(planOf(release("a", ReleaseStage.LIVE, 1), release("b", ReleaseStage.LIVE, 1)))
                .isEqualTo(planOf(release("b", ReleaseStage.LIVE, 1), release("a", ReleaseStage.LIVE, 1)))
                .startsWith("live [b, a]");
    }

    @Test
    void aStageThatThisVersionDoesNotKnowChangesNothing() {
        ReleasePlan plan = ReleasePlan.of(List.of(release("v1", ReleaseStage.LIVE, 1)));

        assertThat(plan.add(release("v1", ReleaseStage.UNKNOWN, 2))).isFalse();
        assertThat(describe(plan)).isEqualTo("live [v1], canary -, shadow -");
    }

    @RepeatedTest(50)
    void theOrderOfArrivalAndRepetitionsDoNotMatter(RepetitionInfo repetition) {
        List<ModelRelease> history = List.of(
                release("v1", ReleaseStage.LIVE, 1),
                release("v2", ReleaseStage.SHADOW, 2),
                release("v2", ReleaseStage.CANARY, 3),
                release("v2", ReleaseStage.LIVE, 4),
                release("v3", ReleaseStage.CANARY, 5),
                release("v1", ReleaseStage.LIVE, 6),
                release("v2", ReleaseStage.RETIRED, 7),
                release("v4", ReleaseStage.SHADOW, 8));
        List<ModelRelease> arrived = new ArrayList<>(history);
        arrived.addAll(history);
        Collections.shuffle(arrived, new Random(repetition.getCurrentRepetition()));

        ReleasePlan plan = ReleasePlan.of(arrived);

        assertThat(describe(plan)).isEqualTo("live [v1], canary v3, shadow v4");
        assertThat(describe(ReleasePlan.of(plan.releases()))).isEqualTo(describe(plan));
    }

    @Test
    void manyRetiredVersionsAreForgottenAndThoseInUseAreNot() {
        ReleasePlan plan = ReleasePlan.of(List.of(
                release("old-live", ReleaseStage.LIVE, 1),
                release("live", ReleaseStage.LIVE, 2),
                release("shadow", ReleaseStage.SHADOW, 3)));

        for (int i = 0; i < 1_000; i++) {
            plan.add(release("v" + i, ReleaseStage.RETIRED, 10 + i));
        }

        assertThat(plan.releases()).hasSizeLessThan(100);
        assertThat(describe(plan)).isEqualTo("live [live, old-live], canary -, shadow shadow");
    }
}
