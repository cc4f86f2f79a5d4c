package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import org.junit.jupiter.api.Test;

class KnownReleasesTest {
    private final KnownReleases releases = new KnownReleases();

    private void add(String version, ReleaseStage stage, long issuedAt, String issuedBy) {
        releases.add(ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("hdfs://models/ranker/" + version)
                .setSha256("sum")
                .setStage(stage)
                .setIssuedAt(issuedAt)
                .setIssuedBy(issuedBy)
                .build());
    }

    @Test
    void theVersionThatWasMadeLiveLastIsLive() {
        assertThat(releases.live()).isNull();
        add("v2", ReleaseStage.LIVE, 20, "somebody");
        add("v1", ReleaseStage.LIVE, 10, "somebody");
        assertThat(releases.live().getVersion()).isEqualTo("v2");

        add("v2", ReleaseStage.RETIRED, 30, "somebody");
        assertThat(releases.live().getVersion())
                .as("the one before serves again")
                .isEqualTo("v1");
    }

    @Test
    void ofAVersionTheReleaseIssuedLastCountsWhicheverComesLast() {
        add("v1", ReleaseStage.RETIRED, 20, "somebody");
        add("v1", ReleaseStage.LIVE, 10, "somebody");

        assertThat(releases.live()).isNull();
    }

    @Test
    void onlyCandidatesThatNobodyElseTouchedAreUntouched() {
        add("promoted", ReleaseStage.SHADOW, 10, "us");
        add("promoted", ReleaseStage.LIVE, 20, "somebody");
        add("grown", ReleaseStage.CANARY, 10, "us");
        add("grown", ReleaseStage.CANARY, 20, "somebody");
        add("retired", ReleaseStage.RETIRED, 20, "us");
        add("forgotten", ReleaseStage.SHADOW, 10, "us");

        assertThat(releases.untouchedCandidates("us"))
                .extracting(ModelRelease::getVersion)
                .containsExactly("forgotten");
    }
}
