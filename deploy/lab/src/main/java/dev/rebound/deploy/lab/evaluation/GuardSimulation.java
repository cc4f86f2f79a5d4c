package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.release.guard.CanaryTest;
import dev.rebound.operators.release.guard.CanaryTest.Verdict;
import dev.rebound.operators.release.guard.Outcome;
import dev.rebound.operators.release.guard.OutcomeSums;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Plays canaries on made-up traffic, asks the guard's own {@link CanaryTest} after every few lists, and counts how often
 * and how soon it calls the canary worse. Users differ in how much they click (beta) and in how often they come
 * (log-normal), and the lists of a user in how well they suit (log-normal), so that the clicks of a user, and those of a
 * list, are correlated.
 */
public final class GuardSimulation {
    private static final int USERS = 100_000;
    private static final int LIST = 10;
    private static final double BETA_SHAPE = 2;
    private static final double ACTIVITY_SIGMA = 1;
    private static final double LIST_SIGMA = 0.5;
    private static final double CONVERSION = 0.1;
    private static final int MOODS = 1024;
    private static final int VISITS = 1 << 20;
    private static final double POWER = 0.9;

    private final Traffic traffic;
    private final CanaryTest test;
    private final long seed;
    private final double[] clickRates = new double[USERS];
    private final int[] visits = new int[VISITS];
    private final double[] moods = new double[MOODS];

    /**
     * @param clickRate clicks an impression, on average over users
     * @param canaryShare part of the users that the canary has
     * @param lists of the canary and LIVE together, after which a run ends
     * @param listsBetweenLooks how often the test is asked
     */
    public record Traffic(double clickRate, double canaryShare, int lists, int listsBetweenLooks) {}

    /**
     * What came out of some runs.
     *
     * @param worse runs in which the canary was ever called worse
     * @param medianImpressions of the canary until it was called so, over all runs; those that ended without count as
     *     longer than any. NaN if that is half of them
     * @param mostImpressions the same for 90 % of runs in the place of half of them
     * @param fixedImpressions of the canary at which one look by a two-proportion z-test, with the same variance between
     *     users and the same alpha one-sided, finds the effect in 90 % of runs; NaN if the runs are too short for that
     * @param designEffect variance of the canary's click rate over that of independent clicks, then or at the end
     */
    public record Result(
            int runs,
            int worse,
            double medianImpressions,
            double mostImpressions,
            double fixedImpressions,
            double designEffect) {
        /** Part of the runs. */
        public double worseShare() {
            return (double) worse / runs;
        }
    }

    /** @param test as the guard has it */
    public GuardSimulation(Traffic traffic, CanaryTest test, long seed) {
        this.traffic = traffic;
        this.test = test;
        this.seed = seed;
        RandomGenerator random = new Well19937c(seed);
        double otherShape = BETA_SHAPE * (1 - traffic.clickRate()) / traffic.clickRate();
        BetaDistribution clicks = new BetaDistribution(random, BETA_SHAPE, otherShape);
        Arrays.setAll(clickRates, user -> clicks.sample());
        double[] activity = new double[USERS];
        Arrays.setAll(activity, user -> Math.exp(ACTIVITY_SIGMA * random.nextGaussian()));
        Arrays.parallelPrefix(activity, Double::sum);
        for (int visit = 0; visit < VISITS; visit++) {
            int place = Arrays.binarySearch(activity, random.nextDouble() * activity[USERS - 1]);
            visits[visit] = place < 0 ? -place - 1 : place;
        }
        double mean = Math.exp(LIST_SIGMA * LIST_SIGMA / 2);
        Arrays.setAll(moods, list -> Math.exp(LIST_SIGMA * random.nextGaussian()) / mean);
    }

    /**
     * Plays a canary again and again, with the users split anew each time.
     *
     * @param change of the canary's click rate, relative; 0 for an A/A test
     * @param alpha of the fixed-horizon test that is compared with
     * @param predicted effect that the fixed-horizon test is laid out for, relative
     */
    public Result run(int runs, double change, double alpha, double predicted) {
        Run[] played = IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> play(new SplittableRandom(seed * 1_000_003 + run), change))
                .toArray(Run[]::new);
        double[] impressions =
                Arrays.stream(played).mapToDouble(run -> run.stoppedAt).sorted().toArray();
        int worse = (int) Arrays.stream(impressions).filter(Double::isFinite).count();
        int look = fixedHorizon(played, alpha, predicted);
        int shown = look < 0 ? looks() - 1 : look;
        return new Result(
                runs,
                worse,
                quantile(impressions, 0.5),
                quantile(impressions, POWER),
                look < 0 ? Double.NaN : mean(played, shown, run -> run.impressions),
                mean(played, shown, run -> run.variances) / mean(played, shown, run -> run.binomial));
    }

    private static double quantile(double[] sorted, double part) {
        double value = sorted[(int) Math.ceil(part * sorted.length) - 1];
        return Double.isFinite(value) ? value : Double.NaN;
    }

    /** The first look at which the standard error is as small as the z-test needs; -1 if none is. */
    private int fixedHorizon(Run[] played, double alpha, double predicted) {
        NormalDistribution normal = new NormalDistribution();
        double needed = Math.abs(predicted)
                / (normal.inverseCumulativeProbability(1 - alpha) + normal.inverseCumulativeProbability(POWER));
        for (int look = 0; look < looks(); look++) {
            double rate = mean(played, look, run -> run.rates);
            if (Math.sqrt(mean(played, look, run -> run.differences)) <= needed * rate) {
                return look;
            }
        }
        return -1;
    }

    /** Of the runs that got as far. */
    private static double mean(Run[] played, int look, java.util.function.Function<Run, double[]> figure) {
        return Arrays.stream(played)
                .mapToDouble(run -> figure.apply(run)[look])
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    private int looks() {
        return traffic.lists() / traffic.listsBetweenLooks();
    }

    private Run play(SplittableRandom random, double change) {
        long salt = random.nextLong();
        OutcomeSums live = new OutcomeSums();
        OutcomeSums canary = new OutcomeSums();
        Run run = new Run(looks());
        for (int list = 1; list <= traffic.lists(); list++) {
            int user = visits[random.nextInt(VISITS)];
            boolean isCanary = (mix(user, ~salt) >>> 11) * 0x1p-53 < traffic.canaryShare();
            double rate = clickRates[user] * moods[random.nextInt(MOODS)] * (isCanary ? 1 + change : 1);
            show(isCanary ? canary : live, mix(user, salt), Math.min(1, rate), random);
            if (list % traffic.listsBetweenLooks() == 0) {
                run.look(list / traffic.listsBetweenLooks() - 1, live, canary, test);
            }
        }
        return run;
    }

    private static void show(OutcomeSums sums, long userHash, double rate, SplittableRandom random) {
        int clicks = 0;
        int conversions = 0;
        for (int item = 0; item < LIST; item++) {
            if (random.nextDouble() < rate) {
                clicks++;
                conversions += random.nextDouble() < CONVERSION ? 1 : 0;
            }
        }
        sums.add(userHash, LIST, clicks, conversions);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long value, long salt) {
        long z = value * 0x9E3779B97F4A7C15L ^ salt;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** What one run has seen, a number a look. */
    private static final class Run {
        private final double[] impressions;
        private final double[] rates;
        private final double[] variances;
        private final double[] binomial;
        private final double[] differences;
        private double stoppedAt = Double.POSITIVE_INFINITY;

        Run(int looks) {
            impressions = new double[looks];
            rates = new double[looks];
            variances = new double[looks];
            binomial = new double[looks];
            differences = new double[looks];
        }

        void look(int look, OutcomeSums live, OutcomeSums canary, CanaryTest test) {
            impressions[look] = canary.impressions();
            rates[look] = live.rate(Outcome.CLICK);
            variances[look] = canary.variance(Outcome.CLICK);
            binomial[look] = rates[look] * (1 - rates[look]) / canary.impressions();
            differences[look] = variances[look] + live.variance(Outcome.CLICK);
            if (Double.isInfinite(stoppedAt)
                    && test.finding(live, canary, 1)
                            .filter(found -> found.verdict() == Verdict.WORSE)
                            .isPresent()) {
                stoppedAt = canary.impressions();
            }
        }
    }
}
