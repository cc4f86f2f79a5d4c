package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankingMetricsTest {

    @Test
    void theBestOrderHasAnNdcgOfOne() {
        assertThat(RankingMetrics.ndcg(new float[] {3, 2, 1}, new float[] {1, 0, 0}, 10))
                .isEqualTo(1);
    }

    @Test
    void aPositiveInSecondPlaceIsDiscountedByTheLogarithmOfThree() {
        assertThat(RankingMetrics.ndcg(new float[] {3, 2, 1}, new float[] {0, 1, 0}, 10))
                .isCloseTo(1 / (Math.log(3) / Math.log(2)), within(1e-12));
    }

    @Test
    void aPositiveBelowTheCutCountsNothing() {
        assertThat(RankingMetrics.ndcg(new float[] {3, 2, 1}, new float[] {0, 0, 1}, 2))
                .isZero();
    }

    @Test
    void ofEqualScoresTheFirstRanksFirst() {
        assertThat(RankingMetrics.ndcg(new float[] {1, 1}, new float[] {1, 0}, 10))
                .isEqualTo(1);
    }

    @Test
    void aucIsTheShareOfPairsInOrderAndTiesCountHalf() {
        assertThat(RankingMetrics.auc(new float[] {0.9f, 0.8f, 0.3f}, new float[] {1, 0, 0}))
                .isEqualTo(1);
        assertThat(RankingMetrics.auc(new float[] {0.1f, 0.8f}, new float[] {1, 0}))
                .isZero();
        assertThat(RankingMetrics.auc(new float[] {0.5f, 0.5f}, new float[] {1, 0}))
                .isEqualTo(0.5);
        assertThat(RankingMetrics.auc(new float[] {1, 2, 3, 4}, new float[] {0, 1, 0, 1}))
                .isEqualTo(0.75);
    }

    @Test
    void oneKindOfLabelHasNoAuc() {
        assertThat(RankingMetrics.auc(new float[] {1, 2}, new float[] {1, 1})).isNaN();
    }
}
