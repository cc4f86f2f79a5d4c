package dev.rebound.operators.release.guard;

import java.util.Optional;

/**
 * Compares a canary's rate of clicks and of conversions with those of the LIVE version, as often as one likes. Users are
 * randomised, so all arithmetic is on groups of users; see {@link OutcomeSums}.
 *
 * <p>The error rate holds over a whole canary: half of alpha is for clicks and half for conversions, and of that the j-th
 * comparison, which begins anew with each change of the traffic split, has 6/(pi j)^2, which sums up to all of it. Either
 * direction has that alpha: a canary that is as good as LIVE is ever called worse with probability alpha at most, and ever
 * called better with alpha at most.
 */
public final class CanaryTest {
    /** Relative effect that the test is quickest at. */
    private static final double EFFECT = 0.1;

    /** With fewer groups of users the variance between them is no estimate. */
    static final int LEAST_GROUPS = 30;

    private final SequentialTest test = new SequentialTest(EFFECT);
    private final double alpha;
    private final long leastImpressions;

    /** What is known of a canary by one outcome. */
    public enum Verdict {
        WORSE,
        BETTER
    }

    /** The verdict, and by which outcome. */
    public record Finding(Verdict verdict, Outcome outcome) {}

    /**
     * @param alpha probability at most that a canary as good as LIVE is ever called worse
     * @param leastImpressions of the canary and of LIVE each, before anything is said
     */
    public CanaryTest(double alpha, long leastImpressions) {
        this.alpha = alpha;
        this.leastImpressions = leastImpressions;
    }

    /** Probability of an error that the j-th comparison of a canary, from 1 on, may have for each outcome. */
    public double alpha(int comparison) {
        return alpha / 2 * 6 / (Math.PI * Math.PI * comparison * comparison);
    }

    /**
     * What can be said of a canary by now. WORSE comes before BETTER: a version that sells less is no better one for its
     * clicks.
     */
    public Optional<Finding> finding(OutcomeSums live, OutcomeSums canary, int comparison) {
        if (!isEnough(live) || !isEnough(canary)) {
            return Optional.empty();
        }
        double threshold = -Math.log(alpha(comparison));
        Finding finding = null;
        for (Outcome outcome : Outcome.values()) {
            Difference difference = Difference.of(live, canary, outcome);
            double z = difference.z();
            if (test.logEvidence(Math.abs(z), difference.information()) >= threshold) {
                if (z < 0) {
                    return Optional.of(new Finding(Verdict.WORSE, outcome));
                }
                finding = finding == null ? new Finding(Verdict.BETTER, outcome) : finding;
            }
        }
        return Optional.ofNullable(finding);
    }

    private boolean isEnough(OutcomeSums sums) {
        return sums.impressions() >= leastImpressions && sums.groups() >= LEAST_GROUPS;
    }

    /**
     * The relative change from LIVE to the canary, -0.1 for 10 % less, with the limits that agree with {@link #finding}: the
     * upper one is below 0 just where the canary is WORSE by the test. By Fieller's theorem (1954), for the quotient of two
     * rates with the same critical value.
     */
    public Interval lift(OutcomeSums live, OutcomeSums canary, Outcome outcome, int comparison) {
        Difference d = Difference.of(live, canary, outcome);
        if (!(d.liveRate() > 0) || !(d.information() > 0)) {
            return Interval.UNKNOWN;
        }
        double z = test.criticalZ(d.information(), alpha(comparison));
        double estimate = d.canaryRate() / d.liveRate() - 1;
        double a = d.liveRate() * d.liveRate() - z * z * d.liveVariance();
        double b = d.canaryRate() * d.liveRate();
        double c = d.canaryRate() * d.canaryRate() - z * z * d.canaryVariance();
        if (a <= 0) {
            return new Interval(estimate, -1, Double.POSITIVE_INFINITY);
        }
        double root = Math.sqrt(Math.max(0, b * b - a * c));
        return new Interval(estimate, Math.max(-1, (b - root) / a - 1), (b + root) / a - 1);
    }

    /** A version's own rate, with limits that hold at every moment with probability 1 - 2 x {@link #alpha(int)} together. */
    public Interval rate(OutcomeSums sums, Outcome outcome, int comparison) {
        double rate = sums.rate(outcome);
        double variance = Difference.atLeastBinomial(sums.variance(outcome), rate, sums.impressions());
        double information = rate * rate / variance;
        if (!(information > 0)) {
            return new Interval(rate, 0, 1);
        }
        double halfWidth = test.criticalZ(information, alpha(comparison)) * Math.sqrt(variance);
        return new Interval(rate, Math.max(0, rate - halfWidth), Math.min(1, rate + halfWidth));
    }

    /** Two rates and what is known of their difference. */
    private record Difference(
            double liveRate, double liveVariance, double canaryRate, double canaryVariance, double pooledRate) {
        static Difference of(OutcomeSums live, OutcomeSums canary, Outcome outcome) {
            long impressions = live.impressions() + canary.impressions();
            double pooled = (double) (live.count(outcome) + canary.count(outcome)) / impressions;
            return new Difference(
                    live.rate(outcome),
                    atLeastBinomial(live.variance(outcome), pooled, live.impressions()),
                    canary.rate(outcome),
                    atLeastBinomial(canary.variance(outcome), pooled, canary.impressions()),
                    pooled);
        }

        /** A version that nobody clicks on has no spread between its users: it is as sure as independent clicks make it. */
        static double atLeastBinomial(double variance, double rate, long impressions) {
            return Math.max(variance, rate * (1 - rate) / impressions);
        }

        private double variance() {
            return liveVariance + canaryVariance;
        }

        double z() {
            return (canaryRate - liveRate) / Math.sqrt(variance());
        }

        /** Of the difference in units of the rate. */
        double information() {
            return pooledRate * pooledRate / variance();
        }
    }
}
