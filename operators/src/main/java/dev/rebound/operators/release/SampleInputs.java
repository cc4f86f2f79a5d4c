package dev.rebound.operators.release;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import java.util.SplittableRandom;

/**
 * Inputs that are always the same, for a model that comes without golden ones. They reach every row of the vocabulary's
 * ends, users without history, items that are not known, padding, and features up to what a busy shop gives.
 *
 * @param sequences int (users x {@link FeatureBatch#SEQUENCE_LENGTH}), newest first, 0 after the last
 * @param candidates int (users x candidates)
 * @param dense float (users x candidates x {@link DenseFeature#WIDTH}), each user's row flat
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SampleInputs(int[][] sequences, int[][] candidates, float[][] dense) {
    private static final long SEED = 1;

    /** Log1p of some thousands: of counts, the largest. */
    private static final double LARGEST = 8;

    /** @param rows of the vocabulary, row 0 included */
    static SampleInputs of(int users, int candidatesPerUser, int rows) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] sequences = new int[users][FeatureBatch.SEQUENCE_LENGTH];
        int[][] candidates = new int[users][candidatesPerUser];
        float[][] dense = new float[users][candidatesPerUser * DenseFeature.WIDTH];
        for (int user = 0; user < users; user++) {
            // The first has no history, the last has all of it.
            int history = FeatureBatch.SEQUENCE_LENGTH * user / Math.max(1, users - 1);
            for (int n = 0; n < history; n++) {
                sequences[user][n] = n == 0 ? rows - 1 : random.nextInt(rows);
            }
            int real = user % 2 == 0 ? candidatesPerUser : candidatesPerUser - 1;
            for (int c = 0; c < real; c++) {
                candidates[user][c] = c == 0 ? rows - 1 : random.nextInt(rows);
                for (int f = 0; f < DenseFeature.WIDTH; f++) {
                    double share = random.nextDouble();
                    // Most features are shares; some are counts, of which large ones are rare.
                    dense[user][c * DenseFeature.WIDTH + f] =
                            (float) (random.nextInt(8) == 0 ? LARGEST * share * share : share);
                }
            }
        }
        return new SampleInputs(sequences, candidates, dense);
    }
}
