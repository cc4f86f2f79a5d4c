package dev.rebound.deploy.control.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseControlTest {
    private static final long NOW = 100;

    private final List<ModelRelease> topic = new ArrayList<>();

    private static ModelRelease release(String model, String version, ReleaseStage stage, long issuedAt) {
        return ModelRelease.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setPackageUri("memory:" + version)
                .setSha256("sum of " + version)
                .setStage(stage)
                .setIssuedAt(issuedAt)
                .build();
    }

    private void given(String version, ReleaseStage stage, long issuedAt) {
        topic.add(release("ranker", version, stage, issuedAt));
    }

    private List<ModelRelease> wish(Function<ReleaseControl, List<ModelRelease>> wish) {
        List<ModelRelease> issued = wish.apply(new ReleaseControl("ranker", topic, "why", "me", NOW));
        issued.forEach(this::issue);
        return issued;
    }

    private void brokenOffAfter(int count, Function<ReleaseControl, List<ModelRelease>> wish) {
        wish.apply(new ReleaseControl("ranker", topic, "why", "me", NOW)).stream()
                .limit(count)
                .forEach(this::issue);
    }

    private void issue(ModelRelease release) {
        topic.removeIf(known -> ReleasePlan.key(known).equals(ReleasePlan.key(release)));
        topic.add(release);
    }

    private String plan() {
        ReleasePlan plan = ReleasePlan.of(topic);
        return "live %s, canary %s, shadow %s"
                .formatted(
                        plan.live().stream().map(ModelRelease::getVersion).toList(),
                        plan.canary()
                                .map(canary -> canary.getVersion() + " " + canary.getTrafficPercent())
                                .orElse("-"),
                        plan.shadow().map(ModelRelease::getVersion).orElse("-"));
    }

    @Test
    void aLightVersionTakesThePlaceOfTheOneBeforeAndStaysWhenLiveIsRolledBack() {
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.LIVE, 2);

        wish(control -> control.light(unissued("small1")));
        wish(control -> control.light(unissued("small2")));
        wish(ReleaseControl::rollback);

        ReleasePlan plan = ReleasePlan.of(topic);
        assertThat(plan.light()).map(ModelRelease::getVersion).contains("small2");
        assertThat(plan.live()).extracting(ModelRelease::getVersion).containsExactly("v1");
        assertThat(topic)
                .filteredOn(release -> release.getVersion().equals("small1"))
                .extracting(ModelRelease::getStage)
                .containsExactly(ReleaseStage.RETIRED);
    }

    @Test
    void theLiveVersionIsNoLightOne() {
        given("v1", ReleaseStage.LIVE, 1);

        assertThatThrownBy(() -> wish(control -> control.light(topic.get(0))))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("v1 is LIVE");
    }

    private static ModelRelease unissued(String version) {
        return release("ranker", version, ReleaseStage.UNKNOWN, 0);
    }

    @Test
    void aVersionGoesTheWholeWayAndBack() {
        given("v1", ReleaseStage.LIVE, 1);

        wish(control -> control.shadow(unissued("v2")));
        assertThat(plan()).isEqualTo("live [v1], canary -, shadow v2");
        wish(control -> control.canary(control.find("v2").orElseThrow(), 10));
        assertThat(plan()).isEqualTo("live [v1], canary v2 10.0, shadow -");
        wish(control -> control.canary(control.find("v2").orElseThrow(), 50));
        assertThat(plan()).isEqualTo("live [v1], canary v2 50.0, shadow -");
        wish(control -> control.promote(control.find("v2").orElseThrow()));
        assertThat(plan()).isEqualTo("live [v2, v1], canary -, shadow -");
        List<ModelRelease> back = wish(ReleaseControl::rollback);

        assertThat(plan()).isEqualTo("live [v1], canary -, shadow -");
        assertThat(back.get(0).getPackageUri()).isEqualTo("memory:v1");
        assertThat(back.get(0).getSha256()).isEqualTo("sum of v1");
        assertThat(back.get(0).getIssuedBy()).isEqualTo("me");
        assertThat(back.get(0).getReason()).isEqualTo("rollback from v2: why");
    }

    @Test
    void aRollbackTakesOutTheCanaryAndTheShadowToo() {
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.LIVE, 2);
        given("v3", ReleaseStage.CANARY, 3);
        given("v4", ReleaseStage.SHADOW, 4);

        wish(ReleaseControl::rollback);

        assertThat(plan()).isEqualTo("live [v1], canary -, shadow -");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aRollbackThatIsRepeatedFinishesTheOneThatWasBrokenOff(int issuedBefore) {
        given("v0", ReleaseStage.LIVE, 0);
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.LIVE, 2);
        given("v3", ReleaseStage.CANARY, 3);
        given("v4", ReleaseStage.SHADOW, 4);

        brokenOffAfter(issuedBefore, ReleaseControl::rollback);
        assertThat(plan()).startsWith(issuedBefore == 0 ? "live [v2" : "live [v1");
        wish(ReleaseControl::rollback);

        assertThat(plan()).isEqualTo("live [v1, v0], canary -, shadow -");
    }

    @Test
    void aRollbackAfterOneThatEndedGoesOneVersionFurther() {
        given("v0", ReleaseStage.LIVE, 0);
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.LIVE, 2);

        wish(ReleaseControl::rollback);
        wish(ReleaseControl::rollback);

        assertThat(plan()).isEqualTo("live [v0], canary -, shadow -");
    }

    @Test
    void aRollbackOfAVersionThatWasPromotedAgainTakesOutThatOne() {
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.LIVE, 2);
        wish(ReleaseControl::rollback);

        wish(control -> control.promote(control.find("v2").orElseThrow()));
        wish(ReleaseControl::rollback);

        assertThat(plan()).isEqualTo("live [v1], canary -, shadow -");
    }

    @ParameterizedTest
    @EnumSource(
            value = ReleaseStage.class,
            names = {"CANARY", "SHADOW", "LIGHT"})
    void aChangeOfAStageThatIsRepeatedLeavesNothingToComeBack(ReleaseStage stage) {
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", stage, 2);
        Function<ReleaseControl, List<ModelRelease>> wish = control -> switch (stage) {
            case CANARY -> control.canary(unissued("v3"), 5);
            case SHADOW -> control.shadow(unissued("v3"));
            default -> control.light(unissued("v3"));
        };

        brokenOffAfter(1, wish);
        wish(wish);

        assertThat(topic)
                .filteredOn(release -> release.getVersion().equals("v2"))
                .extracting(ModelRelease::getStage)
                .containsExactly(ReleaseStage.RETIRED);
    }

    @Test
    void whatIsIssuedIsNewerThanWhatAFastClockIssued() {
        given("v1", ReleaseStage.LIVE, 1_000_000);
        given("v2", ReleaseStage.LIVE, 1_000_001);

        assertThat(wish(ReleaseControl::rollback))
                .extracting(ModelRelease::getIssuedAt)
                .allMatch(at -> at > 1_000_001);
    }

    @Test
    void withoutAVersionBeforeARollbackSaysWhatToDo() {
        given("v1", ReleaseStage.LIVE, 1);
        topic.add(release("other", "v0", ReleaseStage.LIVE, 0));

        assertThatThrownBy(() -> wish(ReleaseControl::rollback))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("only v1 is LIVE")
                .hasMessageContaining("rebound model promote");
    }

    @Test
    void aNewCanaryTakesThePlaceOfTheOneBefore() {
        given("v1", ReleaseStage.LIVE, 1);
        given("v2", ReleaseStage.CANARY, 2);

        wish(control -> control.canary(unissued("v3"), 5));
        wish(control -> control.retire("v3"));

        assertThat(plan()).as("v2 does not come back").isEqualTo("live [v1], canary -, shadow -");
    }

    @Test
    void theOnlyLiveVersionIsNeitherRetiredNorMadeACanary() {
        given("v1", ReleaseStage.LIVE, 1);

        assertThatThrownBy(() -> wish(control -> control.retire("v1"))).hasMessageContaining("only LIVE version");
        assertThatThrownBy(() -> wish(control -> control.canary(topic.get(0), 10)))
                .hasMessageContaining("v1 is LIVE");
        assertThatThrownBy(() -> wish(control -> control.retire("v9"))).hasMessageContaining("never released");
    }

    @Test
    void aCanaryNeedsALiveVersion() {
        assertThatThrownBy(() -> wish(control -> control.canary(unissued("v1"), 10)))
                .hasMessageContaining("rebound model promote v1");
    }
}
