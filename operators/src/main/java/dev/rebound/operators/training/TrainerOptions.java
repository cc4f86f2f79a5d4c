package dev.rebound.operators.training;

/**
 * How a ranker is trained.
 *
 * @param embeddingSize floats an item
 * @param hiddenSize units of the hidden layer
 * @param epochs most passes over the data
 * @param patience epochs without a better validation NDCG after which it stops
 * @param batchSize moments a step
 * @param learningRate of Adam
 * @param weightDecay of Adam
 * @param validationShare of the moments, the newest ones
 * @param seed of initial weights and of the order of batches
 */
public record TrainerOptions(
        int embeddingSize,
        int hiddenSize,
        int epochs,
        int patience,
        int batchSize,
        float learningRate,
        float weightDecay,
        double validationShare,
        int seed) {

    /** For a small model that learns from the scores of a larger one, which say more than what was chosen. */
    public static TrainerOptions distilled(int seed) {
        return new TrainerOptions(8, 16, 10, 3, 128, 3e-3f, 1e-5f, 0.2, seed);
    }

    /** What has served well. */
    public static TrainerOptions defaults(int seed) {
        return new TrainerOptions(16, 64, 10, 3, 128, 3e-3f, 1e-5f, 0.2, seed);
    }

    /** For going on with the few moments of a slice: smaller batches, so that there are steps enough. */
    public static TrainerOptions continued(int seed) {
        return new TrainerOptions(16, 64, 10, 3, 32, 3e-3f, 1e-5f, 0.2, seed);
    }
}
