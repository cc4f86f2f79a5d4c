package dev.rebound.operators.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankFusionTest {
    private final RankFusion fusion = new RankFusion(4);

    @Test
    void whatBothPutFirstIsFirstWithAScoreOfOne() {
        float[] scores = {0.2f, 0.9f, 0.1f};
        fusion.fuse(new float[] {1, 3, 2}, 3, scores, 0);

        assertThat(scores[1]).isCloseTo(1, within(1e-6f));
        assertThat(scores[0]).isLessThan(1);
    }

    @Test
    void aModelThatTurnsRelevanceRoundMakesThemEqual() {
        float[] scores = {0, 0, 0.1f, 0.9f};
        fusion.fuse(new float[] {3, 1}, 2, scores, 2);

        assertThat(scores[2]).isEqualTo(scores[3]);
        assertThat(scores[0]).as("another user's").isZero();
    }
}
