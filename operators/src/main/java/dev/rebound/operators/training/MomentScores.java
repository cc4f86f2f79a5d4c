package dev.rebound.operators.training;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;

/** Has a model score moments as it scores users, in full batches. */
public final class MomentScores {
    private static final int BATCH = 64;

    private final TrainingSet set;
    private final FeatureBatch batch;
    private final float[] scores;

    public MomentScores(TrainingSet set) {
        this.set = set;
        this.batch = new FeatureBatch(BATCH, set.candidates());
        this.scores = new float[BATCH * set.candidates()];
    }

    /**
     * Scores some moments that follow each other.
     *
     * @return float (moments x candidates)
     */
    public float[] score(RankingModel model, int from, int to) throws ModelFailedException {
        int perMoment = set.candidates();
        float[] all = new float[(to - from) * perMoment];
        for (int begin = from; begin < to; begin += BATCH) {
            int size = Math.min(BATCH, to - begin);
            scoreBatch(model, begin, size);
            System.arraycopy(scores, 0, all, (begin - from) * perMoment, size * perMoment);
        }
        return all;
    }

    /**
     * Scores one full batch of the newest moments again and again, each time by every model, so that what else the machine
     * does slows all of them.
     *
     * @return nanoseconds (models x passes) of the forward passes
     */
    public long[][] time(int passes, RankingModel... models) throws ModelFailedException {
        long[][] nanos = new long[models.length][passes];
        int size = Math.min(BATCH, set.size());
        for (int pass = -passes / 10 - 1; pass < passes; pass++) {
            for (int m = 0; m < models.length; m++) {
                fill(models[m], set.size() - size, size);
                long begin = System.nanoTime();
                models[m].score(batch, size, scores);
                if (pass >= 0) {
                    nanos[m][pass] = System.nanoTime() - begin;
                }
            }
        }
        return nanos;
    }

    private void scoreBatch(RankingModel model, int begin, int size) throws ModelFailedException {
        fill(model, begin, size);
        model.score(batch, size, scores);
    }

    private void fill(RankingModel model, int begin, int size) {
        for (int row = 0; row < size; row++) {
            int moment = begin + row;
            for (int n = 0; n < set.sequenceLength(); n++) {
                batch.setSequence(row, n, model.vocabulary().row(set.recentItemKey(moment, n)));
            }
            for (int c = 0; c < set.candidates(); c++) {
                batch.setCandidate(row, c, model.vocabulary().row(set.candidateKey(moment, c)));
                for (DenseFeature feature : DenseFeature.values()) {
                    batch.setDense(row, c, feature, set.dense(moment, c, feature.ordinal()));
                }
            }
        }
    }
}
