package dev.rebound.operators.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Measures a model on the newest moments. */
final class Validation {
    private static final int TOP = 10;

    private final TrainingSet set;
    private final MomentBatches batches;
    private final int[] moments;
    private final double retrievalNdcg;

    Validation(TrainingSet set, MomentBatches batches, int from) {
        this.set = set;
        this.batches = batches;
        this.moments = IntStream.range(from, set.size()).toArray();
        float[] inOrder = new float[set.candidates()];
        for (int c = 0; c < inOrder.length; c++) {
            inOrder[c] = -c;
        }
        this.retrievalNdcg = Arrays.stream(moments)
                .mapToDouble(m -> RankingMetrics.ndcg(inOrder, labels(m), TOP))
                .average()
                .orElse(Double.NaN);
    }

    /** NDCG@10 of the order of retrieval. */
    double retrievalNdcg() {
        return retrievalNdcg;
    }

    /** AUC over all candidates, and mean NDCG@10 of the moments. */
    record Result(double auc, double ndcg) {}

    Result measure(Trainer trainer, NDManager manager, int batchSize) {
        int perMoment = set.candidates();
        float[] scores = new float[moments.length * perMoment];
        for (int begin = 0; begin < moments.length; begin += batchSize) {
            int[] some = Arrays.copyOfRange(moments, begin, Math.min(begin + batchSize, moments.length));
            try (NDManager scope = manager.newSubManager()) {
                NDList inputs = batches.inputs(some, scope);
                float[] result = trainer.evaluate(inputs).head().toFloatArray();
                System.arraycopy(result, 0, scores, begin * perMoment, result.length);
            }
        }
        return summarise(scores);
    }

    private Result summarise(float[] scores) {
        int perMoment = set.candidates();
        float[] allScores = new float[scores.length];
        float[] allLabels = new float[scores.length];
        int real = 0;
        double ndcg = 0;
        for (int i = 0; i < moments.length; i++) {
            float[] own = Arrays.copyOfRange(scores, i * perMoment, (i + 1) * perMoment);
            float[] labels = labels(moments[i]);
            for (int c = 0; c < perMoment; c++) {
                if (set.candidateKey(moments[i], c) == 0) {
                    own[c] = -1;
                } else {
                    allScores[real] = own[c];
                    allLabels[real++] = labels[c];
                }
            }
            ndcg += RankingMetrics.ndcg(own, labels, TOP);
        }
        double auc = RankingMetrics.auc(Arrays.copyOf(allScores, real), Arrays.copyOf(allLabels, real));
        return new Result(auc, ndcg / moments.length);
    }

    private float[] labels(int moment) {
        float[] labels = new float[set.candidates()];
        for (int c = 0; c < labels.length; c++) {
            labels[c] = set.label(moment, c);
        }
        return labels;
    }
}
