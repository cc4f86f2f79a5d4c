package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.release.VersionHealth;
import org.junit.jupiter.api.Test;

class HealthSumsTest {
    private static HealthSums of(VersionHealth health) {
        HealthSums sums = new HealthSums();
        sums.add(health);
        return sums;
    }

    @Test
    void aQuantileLiesWithinItsPowerOfTwo() {
        VersionHealth health = new VersionHealth();
        health.latencies[10] = 90; // 512 to 1024 us
        health.latencies[13] = 10; // 4096 to 8192 us

        assertThat(of(health).latencyMicros(0.5)).isCloseTo(512 + 512 * 50.0 / 90, within(1e-9));
        assertThat(of(health).latencyMicros(0.99)).isCloseTo(4096 + 4096 * 0.9, within(1e-6));
        assertThat(of(new VersionHealth()).latencyMicros(0.99)).isNaN();
    }

    /** Worked by hand: shares 0.5/0.5 against 0.8/0.2 give 0.3 ln(1.6) - 0.3 ln(0.4) = 0.4159. */
    @Test
    void theStabilityIndexOfKnownShares() {
        assertThat(HealthSums.stabilityIndex(new long[] {500_000, 500_000}, new long[] {800_000, 200_000}))
                .isCloseTo(0.4159, within(1e-4));
        assertThat(HealthSums.stabilityIndex(new long[] {3, 5}, new long[] {3, 5}))
                .isZero();
    }

    @Test
    void driftIsUnknownForFewUsersAndOfAShadowOnTheSameUsers() {
        VersionHealth shadow = new VersionHealth();
        shadow.users = 2_000;
        shadow.scores[3] = 1_000;
        VersionHealth live = new VersionHealth();
        live.users = HealthSums.LEAST_USERS_OF_DRIFT - 1;
        live.scores[9] = 1_000;
        assertThat(of(shadow).scoreDrift(of(live))).isNaN();

        shadow.comparedUsers = 1_000;
        shadow.topTenOverlap = 800;
        shadow.rankCorrelation = 900;
        shadow.liveScores[3] = 1_000;

        assertThat(of(shadow).scoreDrift(of(live))).isZero();
        assertThat(of(shadow).topTenOverlap()).isEqualTo(0.8);
        assertThat(of(shadow).rankCorrelation()).isEqualTo(0.9);
    }
}
