package dev.rebound.operators.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DecayedSumTest {
    private static final long HALF_LIFE = 1000;
    private static final long START = 1_700_000_000_000L;

    @Test
    void aTermLosesHalfItsWeightEveryHalfLife() {
        double sum = DecayedSum.add(DecayedSum.EMPTY, 8, START, HALF_LIFE);

        assertThat(DecayedSum.at(sum, START, HALF_LIFE)).isCloseTo(8, within(1e-4));
        assertThat(DecayedSum.at(sum, START + 3 * HALF_LIFE, HALF_LIFE)).isCloseTo(1, within(1e-4));
    }

    @Test
    void theOrderOfAdditionsDoesNotMatter() {
        double inOrder =
                DecayedSum.add(DecayedSum.add(DecayedSum.EMPTY, 2, START, HALF_LIFE), 5, START + 700, HALF_LIFE);
        double late = DecayedSum.add(DecayedSum.add(DecayedSum.EMPTY, 5, START + 700, HALF_LIFE), 2, START, HALF_LIFE);

        assertThat(late).isEqualTo(inOrder);
    }

    @Test
    void nothingIsWorthNothing() {
        assertThat(DecayedSum.at(DecayedSum.EMPTY, START, HALF_LIFE)).isZero();
    }

    @Test
    void aMillionSmallTermsAreNotLost() {
        double sum = DecayedSum.EMPTY;
        for (int i = 0; i < 1_000_000; i++) {
            sum = DecayedSum.add(sum, 1, START, 86_400_000L);
        }
        assertThat(DecayedSum.at(sum, START, 86_400_000L)).isCloseTo(1_000_000, within(100.0));
    }
}
