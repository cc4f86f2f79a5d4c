package dev.rebound.deploy.control.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReleasesOfAMomentTest {
    private static final long NOW = 1_000;

    private final ModelRelease live = release("1", ReleaseStage.LIVE, 10);
    private final ModelRelease canary = release("2", ReleaseStage.CANARY, 20);
    private final List<ModelRelease> moment = List.of(live, canary);

    @Test
    void nothingIsIssuedWhereNothingWasReleasedSince() {
        ModelRelease retiredLongAgo = release("0", ReleaseStage.RETIRED, 5);

        assertThat(restored(retiredLongAgo, live, canary)).isEmpty();
    }

    @Test
    void whatWasReleasedSinceIsRetiredAndTheMomentComesBackInItsOrder() {
        List<ModelRelease> issued = restored(live, canary, release("3", ReleaseStage.LIVE, 500));

        assertThat(issued)
                .extracting(each -> each.getVersion() + ":" + each.getStage())
                .containsExactly("3:RETIRED", "1:LIVE", "2:CANARY");
        assertThat(issued).extracting(ModelRelease::getTrafficPercent).containsExactly(0.0, 100.0, 100.0);
        assertThat(issued).allMatch(each -> each.getIssuedAt() >= NOW);
    }

    @Test
    void whatTheGuardEndedComesBackThoughItsRecordBearsATimeOfBefore() {
        List<ModelRelease> issued = restored(live, release("2", ReleaseStage.RETIRED, canary.getIssuedAt() + 1));

        assertThat(issued).last().satisfies(each -> {
            assertThat(each.getVersion()).isEqualTo("2");
            assertThat(each.getStage()).isEqualTo(ReleaseStage.CANARY);
        });
    }

    @Test
    void whatARollbackThatWasBrokenOffHadRetiredStillCountsAsReleasedSince() {
        List<ModelRelease> issued = restored(live, canary, release("3", ReleaseStage.RETIRED, 500));

        assertThat(issued)
                .extracting(each -> each.getVersion() + ":" + each.getStage())
                .containsExactly("1:LIVE", "2:CANARY");
    }

    @Test
    void whoReadsAllOfItHasThePlanOfTheMoment() {
        ModelRelease promoted = release("2", ReleaseStage.LIVE, 600);
        ModelRelease other = release("3", ReleaseStage.SHADOW, 700);

        ReleasePlan plan = ReleasePlan.of(
                Stream.concat(Stream.of(live, canary, promoted, other), restored(live, promoted, other).stream())
                        .toList());

        assertThat(plan.live()).extracting(ModelRelease::getVersion).containsExactly("1");
        assertThat(plan.canary()).map(ModelRelease::getVersion).hasValue("2");
        assertThat(plan.shadow()).isEmpty();
    }

    private List<ModelRelease> restored(ModelRelease... present) {
        return ModelReleases.difference(List.of(present), moment, "rollback", NOW);
    }

    private static ModelRelease release(String version, ReleaseStage stage, long issuedAt) {
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("file:///registry/ranker/" + version)
                .setSha256("0")
                .setStage(stage)
                .setTrafficPercent(stage == ReleaseStage.RETIRED ? 0 : 100)
                .setIssuedAt(issuedAt)
                .build();
    }
}
