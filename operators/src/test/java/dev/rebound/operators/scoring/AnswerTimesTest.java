package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    private static final long NOW = 1_000_000;

    private final AnswerTimes times = new AnswerTimes();

    @Test
    void oneSlowAnswerInAHundredIsNotThePercentileAndTwoAre() {
        for (int n = 0; n < 99; n++) {
            times.answered(NOW - 10, NOW);
        }
        times.answered(NOW - 900, NOW);
        assertThat(times.p99Millis(NOW)).isEqualTo(10);

        times.answered(NOW - 800, NOW);
        assertThat(times.p99Millis(NOW)).isEqualTo(800);
    }

    @Test
    void whereNobodyAskedLatelyThereIsNothingToTell() {
        assertThat(times.p99Millis(NOW)).isZero();

        times.answered(NOW - 900, NOW);
        assertThat(times.p99Millis(NOW + AnswerTimes.KEPT_MILLIS)).isEqualTo(900);
        assertThat(times.p99Millis(NOW + AnswerTimes.KEPT_MILLIS + 1)).isZero();
    }

    @Test
    void aRequestOfTheFutureWaitedNotAtAll() {
        times.answered(NOW + 5_000, NOW);

        assertThat(times.p99Millis(NOW)).isZero();
    }

    @Test
    void aRequestWhoseTimeIsUnknownDoesNotCount() {
        times.answered(0, NOW);

        assertThat(times.p99Millis(NOW)).isZero();
    }

    @Test
    void theOldestMakesRoom() {
        times.answered(NOW - 900, NOW);
        for (int n = 0; n < AnswerTimes.CAPACITY; n++) {
            times.answered(NOW - 10, NOW);
        }

        assertThat(times.p99Millis(NOW)).isEqualTo(10);
    }
}
