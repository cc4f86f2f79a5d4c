package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import org.junit.jupiter.api.Test;

class IssuedSinceTest {

    @Test
    void aReleaseOfBeforeDoesNotComeAgain() {
        IssuedSince filter = new IssuedSince(1_000);

        assertThat(filter.filter(issuedAt(999))).isFalse();
        assertThat(filter.filter(issuedAt(1_000))).isTrue();
    }

    private static ModelRelease issuedAt(long millis) {
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion("1")
                .setPackageUri("file:///none")
                .setSha256("0")
                .setStage(ReleaseStage.LIVE)
                .setIssuedAt(millis)
                .build();
    }
}
