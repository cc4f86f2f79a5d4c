package dev.rebound.operators.release.guard;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A one-sided test of whether a mean is above zero that may be looked at as often as one likes: the mixture sequential
 * probability ratio test for Brownian motion, with a half-normal mixture over the effect (Robbins, "Statistical methods
 * related to the law of the iterated logarithm", 1970; used for A/B tests by Johari, Koomen, Pekelis and Walsh, "Always
 * valid inference", 2022; the one-sided mixture is in Howard, Ramdas, McAuliffe and Sekhon, 2021, section 3). The estimate
 * at information I, one over its variance, makes B = I x estimate a Brownian motion under the null hypothesis; the mixture
 * of its likelihood ratios is a martingale that starts at 1, so that it ever reaches 1/alpha with probability alpha at
 * most (Ville).
 *
 * <p>Positive correlation between the parts of the estimate that come early and late, such as of users who come back, makes
 * it reach that less often (Slepian, 1962), which is what a one-sided test needs; see docs/decisions/model-guard.md.
 */
public final class SequentialTest {
    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final double LOG_2 = Math.log(2);
    private static final int BISECTIONS = 60;

    private final double precision;

    /**
     * @param effect size of the effects that the test is to be quickest at, in the unit of the estimate. It does not touch
     *     the error rate, but must not be chosen by the data
     */
    public SequentialTest(double effect) {
        this.precision = effect * effect;
    }

    /**
     * The logarithm of the evidence against "the mean is zero or less"; at {@code log(1/alpha)} it is refused at level
     * alpha.
     *
     * @param z the estimate in standard errors
     * @param information one over the estimate's variance
     */
    public double logEvidence(double z, double information) {
        double ratio = precision * information;
        double shrinkage = ratio / (1 + ratio);
        double tail = NORMAL.cumulativeProbability(z * Math.sqrt(shrinkage));
        return LOG_2 - 0.5 * Math.log1p(ratio) + 0.5 * z * z * shrinkage + Math.log(tail);
    }

    /** The least z at which the test refuses at this information; infinite without information. */
    public double criticalZ(double information, double alpha) {
        if (!(information > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double threshold = -Math.log(alpha);
        double ratio = precision * information;
        double low = 0;
        // Beyond it the evidence without its tail term, which is at least a half for z above 0, is enough.
        double high = Math.sqrt(2 * (threshold + 0.5 * Math.log1p(ratio)) * (1 + ratio) / ratio);
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (logEvidence(middle, information) < threshold) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
