package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitTest {
    private static final int USERS = 100_000;
    private static final double TOLERANCE = 0.005;
    private static final double ALICE = 0.047383611206579634;

    /** Names that differ little, as those of a shop do. */
    private static final List<String> NAMES =
            IntStream.range(0, USERS).mapToObj(i -> "user-" + i).toList();

    private static double share(TrafficSplit split) {
        return NAMES.stream().filter(split::has).count() / (double) USERS;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 5, 10, 50})
    void theShareIsWhatWasAsked(double percent) {
        assertThat(share(new TrafficSplit("v2", percent))).isCloseTo(percent / 100, within(TOLERANCE));
    }

    @Test
    void nobodyAndEverybodyAreExact() {
        assertThat(share(TrafficSplit.NOBODY)).isZero();
        assertThat(share(new TrafficSplit("v2", 0))).isZero();
        assertThat(share(new TrafficSplit("v2", 100))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "5, 10", "10, 50", "50, 100"})
    void aGrowingShareKeepsItsUsers(double percent, double more) {
        TrafficSplit small = new TrafficSplit("v2", percent);
        TrafficSplit large = new TrafficSplit("v2", more);

        assertThat(NAMES.stream().filter(small::has)).allMatch(large::has);
    }

    @Test
    void theUsersOfAVersionAreTheSameForEver() {
        TrafficSplit split = new TrafficSplit("v2", 10);

        // Fixed on purpose: another hash would move users between versions in the middle of an experiment.
        assertThat(split.place("alice")).isEqualTo(ALICE);
        assertThat(new TrafficSplit("v2", 50).place("alice")).isEqualTo(ALICE);
    }

    @Test
    void versionsHaveUsersIndependentlyOfEachOther() {
        TrafficSplit one = new TrafficSplit("v2", 10);
        TrafficSplit other = new TrafficSplit("v3", 10);

        double both =
                NAMES.stream().filter(user -> one.has(user) && other.has(user)).count() / (double) USERS;

        assertThat(both).isCloseTo(0.01, within(0.002));
    }
}
