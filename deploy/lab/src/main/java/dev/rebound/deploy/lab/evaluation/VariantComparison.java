package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.release.GoldenCases;
import dev.rebound.operators.training.MomentScores;
import dev.rebound.operators.training.RankingMetrics;
import dev.rebound.operators.training.TrainingSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A cheaper form of a model beside the original, on the same moments, which neither of them was trained on, and in the same
 * process.
 *
 * @param moments that both were asked for
 * @param topOverlap mean share of the original's ten best that are among the variant's
 * @param goldenDifference largest difference of a score from the original's golden ones
 */
public record VariantComparison(
        int moments, Figures original, Figures variant, double topOverlap, double goldenDifference) {
    private static final int TOP = 10;
    private static final int PASSES = 300;

    /**
     * What one of them does.
     *
     * @param ndcg mean NDCG@10
     * @param medianMillis time of a forward pass of a full batch
     * @param p99Millis the slowest hundredth takes at least so long
     */
    public record Figures(double ndcg, double medianMillis, double p99Millis) {}

    /**
     * Compares.
     *
     * @param golden of the original; both have its vocabulary
     * @param from the first moment that was not trained on
     */
    public static VariantComparison of(
            RankingModel original, RankingModel variant, GoldenCases golden, TrainingSet set, int from)
            throws ModelFailedException {
        MomentScores scores = new MomentScores(set);
        float[] before = scores.score(original, from, set.size());
        float[] after = scores.score(variant, from, set.size());
        long[][] nanos = scores.time(PASSES, original, variant);
        return new VariantComparison(
                set.size() - from,
                figures(set, from, before, nanos[0]),
                figures(set, from, after, nanos[1]),
                overlap(set, from, before, after),
                golden.largestDifference(variant));
    }

    /** Whether the variant may stand in for the original. */
    public boolean within(double ndcgTolerance, double goldenTolerance) {
        return original.ndcg() - variant.ndcg() <= ndcgTolerance && goldenDifference <= goldenTolerance;
    }

    private static Figures figures(TrainingSet set, int from, float[] scores, long[] nanos) {
        double ndcg = 0;
        for (int moment = from; moment < set.size(); moment++) {
            float[] labels = new float[set.candidates()];
            for (int c = 0; c < labels.length; c++) {
                labels[c] = set.label(moment, c);
            }
            ndcg += RankingMetrics.ndcg(real(set, moment, scores, from), labels, TOP);
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Figures(
                ndcg / (set.size() - from), sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
    }

    /** The scores of a moment, those of padding below all others. */
    private static float[] real(TrainingSet set, int moment, float[] scores, int from) {
        int begin = (moment - from) * set.candidates();
        float[] own = Arrays.copyOfRange(scores, begin, begin + set.candidates());
        for (int c = 0; c < own.length; c++) {
            if (set.candidateKey(moment, c) == 0) {
                own[c] = -1;
            }
        }
        return own;
    }

    private static double overlap(TrainingSet set, int from, float[] before, float[] after) {
        double shares = 0;
        for (int moment = from; moment < set.size(); moment++) {
            Set<Integer> best = best(real(set, moment, before, from));
            int all = best.size();
            best.retainAll(best(real(set, moment, after, from)));
            shares += best.size() / (double) all;
        }
        return shares / (set.size() - from);
    }

    private static Set<Integer> best(float[] scores) {
        return IntStream.range(0, scores.length)
                .filter(c -> scores[c] >= 0)
                .boxed()
                .sorted(Comparator.comparing((Integer c) -> -scores[c]))
                .limit(TOP)
                .collect(HashSet::new, Set::add, Set::addAll);
    }
}
