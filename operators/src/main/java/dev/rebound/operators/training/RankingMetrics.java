package dev.rebound.operators.training;

import java.util.Arrays;
import java.util.Comparator;

/** How well scores order what people chose. */
public final class RankingMetrics {
    private RankingMetrics() {}

    /**
     * Normalised discounted cumulative gain of one list (Järvelin, Kekäläinen, 2002), with the labels as gains.
     *
     * @param scores of the candidates; of equal ones the first in the list ranks first
     * @param labels gains, at least 0
     * @param k how far down the list counts
     * @return 0 to 1; NaN where no label is above 0
     */
    public static double ndcg(float[] scores, float[] labels, int k) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing((Integer i) -> -scores[i]));
        double gained = 0;
        for (int rank = 0; rank < Math.min(k, order.length); rank++) {
            gained += labels[order[rank]] / discount(rank);
        }
        float[] ideal = labels.clone();
        Arrays.sort(ideal);
        double best = 0;
        for (int rank = 0; rank < Math.min(k, ideal.length); rank++) {
            best += ideal[ideal.length - 1 - rank] / discount(rank);
        }
        return gained / best;
    }

    private static double discount(int rank) {
        return Math.log(rank + 2.0) / Math.log(2);
    }

    /**
     * Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties
     * counting half (Hanley, McNeil, 1982), by ranks.
     *
     * @param labels above 0.5 is positive
     * @return NaN where all labels are of one kind
     */
    public static double auc(float[] scores, float[] labels) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing((Integer i) -> scores[i]));
        double positives = 0;
        double rankSum = 0;
        int begin = 0;
        while (begin < order.length) {
            int end = begin;
            while (end < order.length && scores[order[end]] == scores[order[begin]]) {
                end++;
            }
            double rank = (begin + 1 + end) / 2.0;
            for (int i = begin; i < end; i++) {
                if (labels[order[i]] > 0.5f) {
                    positives++;
                    rankSum += rank;
                }
            }
            begin = end;
        }
        double negatives = order.length - positives;
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
    }
}
