package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankComparisonTest {
    private static final double EXACT = 1e-12;

    private static RankComparison compare(float[] one, float[] other) {
        RankComparison comparison = new RankComparison(100);
        comparison.compare(one, other, 0, one.length);
        return comparison;
    }

    private static float[] ascending(int count) {
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            scores[i] = (float) i / count;
        }
        return scores;
    }

    private static float[] reversed(float[] scores) {
        float[] reversed = new float[scores.length];
        for (int i = 0; i < scores.length; i++) {
            reversed[i] = scores[scores.length - 1 - i];
        }
        return reversed;
    }

    @Test
    void theSameOrderAgreesWhateverTheScoresAre() {
        float[] scores = ascending(30);
        float[] halved = scores.clone();
        for (int i = 0; i < halved.length; i++) {
            halved[i] /= 2;
        }

        assertThat(compare(scores, halved).overlap()).isEqualTo(1);
        assertThat(compare(scores, halved).correlation()).isCloseTo(1, within(EXACT));
    }

    @Test
    void theReversedOrderDisagrees() {
        RankComparison comparison = compare(ascending(15), reversed(ascending(15)));

        assertThat(comparison.overlap()).as("places 6 to 10 of 15 are the same").isEqualTo(0.5);
        assertThat(comparison.correlation()).isCloseTo(-1, within(EXACT));
    }

    @Test
    void tiesCountAsInTheTextbook() {
        float[] one = {0.1f, 0.1f, 0.5f, 0.5f, 0.5f, 0.9f};
        float[] other = {0.3f, 0.2f, 0.2f, 0.8f, 0.7f, 0.7f};
        // Ranks 1.5 1.5 4 4 4 6 and 3 1.5 1.5 6 4.5 4.5, about their mean 3.5.
        double expected = 8.25 / Math.sqrt(15 * 16.5);

        assertThat(compare(one, other).correlation()).isCloseTo(expected, within(EXACT));
    }

    @Test
    void anOrderThatSaysNothingAgreesWithNoneThatDoes() {
        assertThat(compare(new float[12], ascending(12)).correlation()).isZero();
        assertThat(compare(new float[12], new float[12]).correlation()).isEqualTo(1);
    }

    @Test
    void onlyTheUsersOwnPartOfTheBatchCounts() {
        float[] one = {0.9f, 0.1f, 0.2f, 0.3f};
        float[] other = {0f, 0.1f, 0.2f, 0.3f};
        RankComparison comparison = new RankComparison(100);

        comparison.compare(one, other, 1, 3);

        assertThat(comparison.correlation()).isCloseTo(1, within(EXACT));
    }
}
