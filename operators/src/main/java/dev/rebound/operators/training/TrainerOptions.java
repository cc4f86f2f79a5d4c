package dev.rebound.operators.training;

import dev.rebound.operators.item.Interaction;

/**
 * How a model is trained: first its encoder, then the ranker.
 *
 * @param embeddingSize floats a vector of the encoder
 * @param encoderEpochs most passes over the sequences
 * @param encoderPatience epochs without a better validation loss after which the encoder stops
 * @param encoderLearningRate of Adam
 * @param hiddenSize units of the ranker's hidden layer
 * @param epochs most passes over the moments
 * @param patience epochs without a better validation NDCG after which it stops
 * @param batchSize moments a step
 * @param learningRate of Adam
 * @param weightDecay of Adam
 * @param validationShare of the moments, the newest ones
 * @param classWeights what an item that was chosen counts
 * @param seed of initial weights and of the order of batches
 */
public record TrainerOptions(
        int embeddingSize,
        int encoderEpochs,
        int encoderPatience,
        float encoderLearningRate,
        int hiddenSize,
        int epochs,
        int patience,
        int batchSize,
        float learningRate,
        float weightDecay,
        double validationShare,
        ClassWeights classWeights,
        int seed) {

    /** For a small model that learns from the scores of a larger one, which say more than what was chosen. */
    public static TrainerOptions distilled(int seed) {
        return new TrainerOptions(32, 12, 2, 3e-3f, 16, 10, 3, 128, 3e-3f, 1e-5f, 0.2, ClassWeights.defaults(), seed);
    }

    /** What has served well. */
    public static TrainerOptions defaults(int seed) {
        return new TrainerOptions(32, 12, 2, 3e-3f, 64, 10, 3, 128, 3e-3f, 1e-5f, 0.2, ClassWeights.defaults(), seed);
    }

    /**
     * What an item that was chosen counts against one that was not, which counts 1.
     *
     * @param chosen of a view or click
     * @param byAction the power to which the strength of what was done is taken: 0 for all alike, 1 for a purchase that counts
     *     four times a click, as in {@link Interaction#weight}
     */
    public record ClassWeights(float chosen, float byAction) {
        static ClassWeights defaults() {
            return new ClassWeights(1, 0);
        }

        /** The weight of an item with which something of a strength was done; 0 for nothing. */
        float of(float strength) {
            return strength == 0 ? 1 : chosen * (float) Math.pow(strength, byAction);
        }
    }

    /** For going on with the few moments of a slice: smaller batches, so that there are steps enough. */
    public static TrainerOptions continued(int seed) {
        return new TrainerOptions(32, 12, 2, 3e-3f, 64, 10, 3, 32, 3e-3f, 1e-5f, 0.2, ClassWeights.defaults(), seed);
    }
}
