package dev.rebound.operators.scoring;

import java.util.Arrays;

/** Compares two orders of the same candidates. Allocates nothing a comparison; owned by one thread. */
final class RankComparison {
    private final long[] sorted;
    private final double[] ranks;
    private final double[] otherRanks;
    private final boolean[] amongBest;
    private double overlap;
    private double correlation;

    /** @param candidates at most */
    RankComparison(int candidates) {
        sorted = new long[candidates];
        ranks = new double[candidates];
        otherRanks = new double[candidates];
        amongBest = new boolean[candidates];
    }

    /** Compares the scores of some candidates, at least one, each at least 0. */
    void compare(float[] one, float[] other, int offset, int count) {
        int best = Math.min(VersionMeter.BEST, count);
        rank(one, offset, count, ranks);
        Arrays.fill(amongBest, 0, count, false);
        for (int i = count - best; i < count; i++) {
            amongBest[(int) sorted[i]] = true;
        }
        rank(other, offset, count, otherRanks);
        int both = 0;
        for (int i = count - best; i < count; i++) {
            both += amongBest[(int) sorted[i]] ? 1 : 0;
        }
        overlap = (double) both / best;
        correlation = pearson(count);
    }

    /** Leaves the candidates in ascending order in {@link #sorted}: the score's bits above, the candidate below. */
    private void rank(float[] scores, int offset, int count, double[] into) {
        for (int c = 0; c < count; c++) {
            sorted[c] = (long) Float.floatToIntBits(scores[offset + c] + 0f) << Integer.SIZE | c;
        }
        Arrays.sort(sorted, 0, count);
        for (int from = 0; from < count; ) {
            int to = from + 1;
            while (to < count && sorted[to] >> Integer.SIZE == sorted[from] >> Integer.SIZE) {
                to++;
            }
            for (int i = from; i < to; i++) {
                into[(int) sorted[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
    }

    /** Of the ranks, which is Spearman's correlation with ties; 1 where neither order says anything, 0 where one does. */
    private double pearson(int count) {
        double mean = (count - 1) / 2.0;
        double product = 0;
        double square = 0;
        double otherSquare = 0;
        for (int c = 0; c < count; c++) {
            product += (ranks[c] - mean) * (otherRanks[c] - mean);
            square += (ranks[c] - mean) * (ranks[c] - mean);
            otherSquare += (otherRanks[c] - mean) * (otherRanks[c] - mean);
        }
        if (square == 0 || otherSquare == 0) {
            return square == otherSquare ? 1 : 0;
        }
        return product / Math.sqrt(square * otherSquare);
    }

    /** The share of the ten best that both have. */
    double overlap() {
        return overlap;
    }

    /** Spearman's rank correlation, -1 to 1. */
    double correlation() {
        return correlation;
    }
}
