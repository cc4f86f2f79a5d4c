package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowScoringTest {
    private static final int USERS = 8;
    private static final long LIVE_NANOS = Duration.ofMillis(1).toNanos();
    private static final long SLOW_NANOS = Duration.ofMillis(30).toNanos();

    private final ItemTable table = new ItemTable();

    private ScoringBatch batch() {
        return new ScoringBatch(table, new PopularItems(), new SessionIndex(10), USERS, 10);
    }

    private ScoringBatch answered() {
        ScoringBatch batch = batch();
        for (int i = 0; i < USERS; i++) {
            batch.add(new ScoringTask());
        }
        return batch;
    }

    /** A model that takes as long as it is told, not a moment less. */
    private static ServingVersion shadow(long passNanos) {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion("shadow")
                .setPackageUri("memory:")
                .setSha256("0")
                .setStage(ReleaseStage.SHADOW)
                .setIssuedAt(1)
                .build();
        return new ServingVersion(release, new RankingModel() {
            @Override
            public String version() {
                return "shadow";
            }

            @Override
            public ItemVocabulary vocabulary() {
                return ItemVocabulary.of(List.of());
            }

            @Override
            public void score(FeatureBatch batch, int users, float[] scores) {
                long start = System.nanoTime();
                while (System.nanoTime() - start < passNanos) {
                    Thread.onSpinWait();
                }
            }

            @Override
            public void close() {}
        });
    }

    @Test
    void aSlowShadowPaysItsDebtBeforeItScoresAgain() throws Exception {
        ShadowScoring scoring = new ShadowScoring(batch(), 1);
        ServingVersion slow = shadow(SLOW_NANOS);
        ScoringBatch answered = answered();

        scoring.score(slow, answered, LIVE_NANOS);
        assertThat(scoring.users()).as("one user shows what it costs").isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            scoring.score(slow, answered, LIVE_NANOS);
        }

        assertThat(scoring.users()).isEqualTo(1);
        assertThat(scoring.skipped()).isEqualTo(21 * USERS - 1);
        scoring.score(slow, answered, Duration.ofHours(1).toNanos());
        assertThat(scoring.users()).as("its debt is paid").isGreaterThan(1);
    }

    @Test
    void aShadowThatMayCostNothingScoresNobody() throws Exception {
        ShadowScoring scoring = new ShadowScoring(batch(), 0);

        scoring.score(shadow(0), answered(), LIVE_NANOS);

        assertThat(scoring.users()).isZero();
        assertThat(scoring.skipped()).isEqualTo(USERS);
    }
}
