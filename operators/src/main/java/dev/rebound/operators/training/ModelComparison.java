package dev.rebound.operators.training;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import it.unimi.dsi.fastutil.floats.FloatArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Two models on exactly the same moments: NDCG@10, AUC and log loss of each, and the mean difference of NDCG@10, moment
 * by moment, with an interval that knows that moments of one user are alike ({@link Mean}). Paired, since moments differ
 * from each other far more than two versions of a model do.
 */
public final class ModelComparison {
    private static final int TOP = 10;
    private static final int BATCH = 64;
    /** Keeps the log loss finite where a model is certain and wrong. */
    private static final double LEAST_PROBABILITY = 1e-6;

    private final TrainingSet moments;
    private final List<String> userIds;

    /** @param userIds of the moments, in their order */
    public ModelComparison(TrainingSet moments, List<String> userIds) {
        this.moments = moments;
        this.userIds = userIds;
    }

    /**
     * How well one model orders and predicts.
     *
     * @param ndcg mean NDCG@10
     * @param auc over all candidates; NaN where all were taken or none
     * @param logLoss mean binary cross-entropy a candidate, natural logarithm
     */
    public record Figures(double ndcg, double auc, double logLoss) {}

    /**
     * What came out.
     *
     * @param gain mean NDCG@10 of the candidate less that of the other, at the same moments
     * @param gainHalfWidth95 half the width of its 95 % confidence interval; NaN for fewer than two users
     */
    public record Result(
            int moments, int users, Figures live, Figures candidate, double gain, double gainHalfWidth95) {}

    /** @throws ModelFailedException if one of them fails on a moment */
    public Result compare(RankingModel live, RankingModel candidate) throws ModelFailedException {
        Scored before = score(live);
        Scored after = score(candidate);
        Mean gain = new Mean();
        for (int m = 0; m < moments.size(); m++) {
            gain.add(userIds.get(m), after.ndcgs()[m] - before.ndcgs()[m]);
        }
        return new Result(
                moments.size(),
                new HashSet<>(userIds).size(),
                before.figures(),
                after.figures(),
                gain.value(),
                gain.halfWidth95());
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Scored(double[] ndcgs, Figures figures) {}

    private Scored score(RankingModel model) throws ModelFailedException {
        int perMoment = moments.candidates();
        FeatureBatch batch = new FeatureBatch(BATCH, perMoment);
        float[] scores = new float[BATCH * perMoment];
        double[] ndcgs = new double[moments.size()];
        FloatArrayList allScores = new FloatArrayList();
        FloatArrayList allLabels = new FloatArrayList();
        double logLoss = 0;
        double ndcg = 0;
        for (int begin = 0; begin < moments.size(); begin += BATCH) {
            int size = Math.min(BATCH, moments.size() - begin);
            for (int row = 0; row < size; row++) {
                fill(batch, row, begin + row, model.vocabulary());
            }
            model.score(batch, size, scores);
            for (int row = 0; row < size; row++) {
                int moment = begin + row;
                int real = candidates(moment);
                float[] own = new float[real];
                float[] labels = new float[real];
                for (int c = 0; c < real; c++) {
                    own[c] = scores[row * perMoment + c];
                    labels[c] = moments.label(moment, c);
                    logLoss += logLoss(own[c], labels[c]);
                }
                allScores.addElements(allScores.size(), own);
                allLabels.addElements(allLabels.size(), labels);
                ndcgs[moment] = RankingMetrics.ndcg(own, labels, TOP);
                ndcg += ndcgs[moment];
            }
        }
        double auc = RankingMetrics.auc(allScores.toFloatArray(), allLabels.toFloatArray());
        return new Scored(ndcgs, new Figures(ndcg / moments.size(), auc, logLoss / allScores.size()));
    }

    private void fill(FeatureBatch batch, int row, int moment, ItemVocabulary vocabulary) {
        for (int n = 0; n < moments.sequenceLength(); n++) {
            batch.setSequence(row, n, vocabulary.row(moments.recentItemKey(moment, n)));
        }
        int real = candidates(moment);
        for (int c = 0; c < real; c++) {
            batch.setCandidate(row, c, vocabulary.row(moments.candidateKey(moment, c)));
            for (DenseFeature feature : DenseFeature.values()) {
                batch.setDense(row, c, feature, moments.dense(moment, c, feature.ordinal()));
            }
        }
        batch.clearCandidates(row, real);
    }

    /** Real candidates stand before the padding. */
    private int candidates(int moment) {
        int real = 0;
        while (real < moments.candidates() && moments.candidateKey(moment, real) != 0) {
            real++;
        }
        return real;
    }

    private static double logLoss(float score, float label) {
        double p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, score));
        return -(label * Math.log(p) + (1 - label) * Math.log(1 - p));
    }
}
