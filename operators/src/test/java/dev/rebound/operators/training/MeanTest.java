package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanTest {
    private final Mean mean = new Mean();

    @Test
    void theConfidenceOfIndependentUsersIsThatOfIndependentSamples() {
        for (int user = 0; user < 400; user++) {
            mean.add("u" + user, user % 2);
        }

        assertThat(mean.value()).isCloseTo(0.5, within(1e-9));
        assertThat(mean.halfWidth95()).isCloseTo(1.96 * 0.5 / 20, within(0.01));
    }

    @Test
    void moreOfTheSameUsersSaysNothingMore() {
        for (int user = 0; user < 400; user++) {
            for (int sample = 0; sample < 25; sample++) {
                mean.add("u" + user, user % 2);
            }
        }

        assertThat(mean.count()).isEqualTo(10_000);
        assertThat(mean.halfWidth95()).isCloseTo(1.96 * 0.5 / 20, within(0.01));
    }

    @Test
    void oneUserAloneGivesNoConfidence() {
        mean.add("u", 0);
        mean.add("u", 1);

        assertThat(mean.halfWidth95()).isNaN();
    }
}
