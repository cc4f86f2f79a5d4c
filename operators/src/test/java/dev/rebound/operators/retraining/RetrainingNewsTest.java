package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainingNewsTest {

    @ParameterizedTest
    @CsvSource({
        "SHADOW, model-training, true",
        "CANARY, model-training, true",
        "LIVE, model-training, false",
        "RETIRED, model-training, false",
        "CANARY, somebody, false"
    })
    void onlyCandidatesThatNobodyElseTouchedAreUntouched(ReleaseStage stage, String issuedBy, boolean untouched) {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion("v1")
                .setPackageUri("hdfs://models/ranker/v1")
                .setSha256("sum")
                .setStage(stage)
                .setIssuedAt(1)
                .setIssuedBy(issuedBy)
                .build();

        assertThat(RetrainingNews.isUntouched(release)).isEqualTo(untouched);
    }
}
