package dev.rebound.deploy.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HeldReadersTest {
    private static final Instant START = Observations.START;
    private static final TopicPartition FIRST = new TopicPartition("out", 0);
    private static final TopicPartition SECOND = new TopicPartition("out", 1);

    private final HeldReaders readers = new HeldReaders();

    @Test
    void theTimeRunsFromWhenSomethingFirstWaited() {
        assertThat(held(0, 5, 5)).isZero();
        assertThat(held(10, 5, 6)).isZero();
        assertThat(held(40, 5, 9)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void itRunsOnThoughNothingMoreIsWritten() {
        held(0, 5, 6);

        assertThat(held(30, 5, 6)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void itBeginsAnewWhenReadersMayGoOn() {
        held(0, 5, 9);

        assertThat(held(30, 8, 12)).as("a commit, and the next transaction").isZero();
        assertThat(held(50, 8, 12)).isEqualTo(Duration.ofSeconds(20));
        assertThat(held(60, 12, 12)).isZero();
        assertThat(held(70, 12, 13)).isZero();
    }

    @Test
    void aTopicThatWasMadeAnewBeginsAnew() {
        held(0, 500, 501);

        assertThat(held(30, 3, 4)).isZero();
    }

    @Test
    void aStableOffsetThatWentOnMeanwhileHoldsNothingBack() {
        assertThat(observe(0, Map.of(FIRST, 7L), Map.of(FIRST, 6L)))
                .containsExactly(new Observation.Readers("out", 0, Duration.ZERO));
    }

    @Test
    void aTopicIsHeldAsLongAsItsWorstPartition() {
        observe(0, Map.of(FIRST, 5L, SECOND, 5L), Map.of(FIRST, 6L, SECOND, 5L));

        assertThat(observe(20, Map.of(FIRST, 5L, SECOND, 5L), Map.of(FIRST, 8L, SECOND, 7L)))
                .containsExactly(new Observation.Readers("out", 5, Duration.ofSeconds(20)));
    }

    @Test
    void aPartitionThatIsNotSeenForAWhileKeepsItsTime() {
        held(0, 5, 6);
        observe(10, Map.of(), Map.of());

        assertThat(held(20, 5, 6)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aClockThatIsSetBackGivesNoNegativeTime() {
        held(0, 5, 6);

        assertThat(held(-60, 5, 6)).isZero();
    }

    private Duration held(int second, long stable, long end) {
        return observe(second, Map.of(FIRST, stable), Map.of(FIRST, end)).get(0).held();
    }

    private List<Observation.Readers> observe(
            int second, Map<TopicPartition, Long> stable, Map<TopicPartition, Long> ends) {
        return readers.observe(stable, ends, START.plusSeconds(second));
    }
}
