package dev.rebound.deploy.lab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.release.guard.CanaryTest;
import org.junit.jupiter.api.Test;

class GuardSimulationTest {
    private static final double ALPHA = 0.05;

    /** The small sister of `rebound bench guard`: users who differ, clicks that correlate, a look after every 200 lists. */
    @Test
    void lookingAllTheTimeRarelyCallsAnEqualCanaryWorseAndFindsATenthLess() {
        GuardSimulation.Traffic traffic = new GuardSimulation.Traffic(0.05, 0.5, 30_000, 200);
        GuardSimulation simulation = new GuardSimulation(traffic, new CanaryTest(ALPHA, 1_000), 42);

        GuardSimulation.Result equal = simulation.run(200, 0, ALPHA, -0.1);
        GuardSimulation.Result worse = simulation.run(100, -0.1, ALPHA, -0.1);

        assertThat(equal.designEffect()).as("clicks are correlated").isGreaterThan(1.2);
        assertThat(equal.worseShare()).isLessThanOrEqualTo(ALPHA);
        assertThat(worse.worseShare()).isGreaterThanOrEqualTo(0.9);
        assertThat(worse.medianImpressions()).isLessThan(2 * worse.fixedImpressions());
    }
}
