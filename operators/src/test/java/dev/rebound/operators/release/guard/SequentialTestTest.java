package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequentialTestTest {
    private static final double EFFECT = 0.1;

    private final SequentialTest test = new SequentialTest(EFFECT);

    /** The mixture that the closed form stands for: likelihood ratios, weighted by a half-normal density, summed up. */
    private static double mixtureByQuadrature(double z, double information) {
        double brownian = z * Math.sqrt(information);
        int steps = 200_000;
        double step = 12 * EFFECT / steps;
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            double effect = (i + 0.5) * step;
            double density = Math.sqrt(2 / Math.PI) / EFFECT * Math.exp(-effect * effect / (2 * EFFECT * EFFECT));
            sum += density * Math.exp(effect * brownian - effect * effect * information / 2) * step;
        }
        return Math.log(sum);
    }

    @ParameterizedTest
    @CsvSource({"0, 900", "1, 10", "3, 900", "-2, 400", "5, 100000", "2.5, 25"})
    void theEvidenceIsTheMixtureOfLikelihoodRatios(double z, double information) {
        assertThat(test.logEvidence(z, information)).isCloseTo(mixtureByQuadrature(z, information), within(1e-6));
    }

    @Test
    void withoutAnEffectTheEvidenceShrinksAsInformationGrows() {
        assertThat(test.logEvidence(0, 900)).isCloseTo(-0.5 * Math.log(10), within(1e-12));
        assertThat(test.logEvidence(0, 90_000)).isLessThan(test.logEvidence(0, 900));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.05", "900, 0.05", "900, 0.001", "1e7, 0.05"})
    void theCriticalValueIsWhereTheEvidenceIsEnough(double information, double alpha) {
        double z = test.criticalZ(information, alpha);

        assertThat(test.logEvidence(z, information)).isCloseTo(-Math.log(alpha), within(1e-9));
    }

    @Test
    void nothingIsEnoughWithoutInformation() {
        assertThat(test.criticalZ(0, 0.05)).isInfinite();
        assertThat(test.criticalZ(Double.NaN, 0.05)).isInfinite();
    }

    @Test
    void itIsStricterThanATestThatLooksOnce() {
        assertThat(test.criticalZ(900, 0.05)).isBetween(2.2, 3.0);
    }

    /** By Ville's inequality at most alpha; and not much less over many orders of information, or it would find nothing. */
    @Test
    void brownianMotionWithoutDriftEverCrossesWithProbabilityAlphaAtMost() {
        SplittableRandom random = new SplittableRandom(7);
        int paths = 2_000;
        int crossed = 0;
        for (int path = 0; path < paths; path++) {
            crossed += everCrosses(random, 0.1) ? 1 : 0;
        }

        assertThat((double) crossed / paths).isBetween(0.05, 0.1);
    }

    private boolean everCrosses(SplittableRandom random, double alpha) {
        double information = 1;
        double brownian = 0;
        while (information < 1e6) {
            double more = information * 0.02;
            brownian += random.nextGaussian() * Math.sqrt(more);
            information += more;
            if (test.logEvidence(brownian / Math.sqrt(information), information) >= -Math.log(alpha)) {
                return true;
            }
        }
        return false;
    }
}
