package dev.rebound.operators.release;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.UserEncoder;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Inputs with the scores that the model gave when it was made. A model that gives others after loading is not the model
 * that was evaluated.
 *
 * @param sequences int (cases x sequence length), vocabulary rows
 * @param candidates int (cases x candidates), vocabulary rows
 * @param dense float (cases x candidates x features), each candidate's features one after the other; the first of
 *     {@link DenseFeature}, as many as the model knows
 * @param scores float (cases x candidates)
 * @param users float (cases x vector), of users who viewed the sequences; null for a model without an encoder
 */
@SuppressWarnings("ArrayRecordComponent") // only ever written and read, never compared
public record GoldenCases(
        int[][] sequences, int[][] candidates, float[][] dense, float[][] scores, float @Nullable [][] users) {
    private static final float TOLERANCE = 1e-4f;

    /** Reads them as they lie in a package. */
    public static GoldenCases fromJson(byte[] json) throws IOException {
        return ModelManifest.JSON.readValue(json, GoldenCases.class);
    }

    /** As it lies in a package. */
    public byte[] toJson() throws IOException {
        return ModelManifest.JSON.writeValueAsBytes(this);
    }

    /** The cases with the scores that a model gives them. */
    public static GoldenCases scoredBy(RankingModel model, int[][] sequences, int[][] candidates, float[][] dense)
            throws ModelFailedException {
        GoldenCases unscored = new GoldenCases(sequences, candidates, dense, new float[0][], null);
        return new GoldenCases(sequences, candidates, dense, unscored.score(model), unscored.users(model));
    }

    /**
     * Runs the cases.
     *
     * @throws PackageRefusedException if a score differs by more than 1e-4
     */
    void require(RankingModel model, String packageUri) throws PackageRefusedException {
        float[][] actual;
        try {
            actual = score(model);
        } catch (ModelFailedException e) {
            throw new PackageRefusedException(
                    packageUri, "it fails on its own golden inputs: " + e.getMessage() + "; train it again", e);
        }
        requireUsers(model, packageUri);
        for (int i = 0; i < scores.length; i++) {
            for (int c = 0; c < scores[i].length; c++) {
                if (!(Math.abs(actual[i][c] - scores[i][c]) <= TOLERANCE)) {
                    throw new PackageRefusedException(
                            packageUri,
                            "golden case " + i + " scores " + actual[i][c] + " instead of " + scores[i][c]
                                    + " for candidate " + c + "; publish the package again from where it was made",
                            null);
                }
            }
        }
    }

    /** How far the score of a model is from the golden one where they differ most. */
    public float largestDifference(RankingModel model) throws ModelFailedException {
        float[][] actual = score(model);
        float largest = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int c = 0; c < scores[i].length; c++) {
                largest = Math.max(largest, Math.abs(actual[i][c] - scores[i][c]));
            }
        }
        return largest;
    }

    private float @Nullable [][] users(RankingModel model) {
        UserEncoder encoder = model.encoder();
        return encoder == null ? null : encoder.ofRows(sequences);
    }

    private void requireUsers(RankingModel model, String packageUri) throws PackageRefusedException {
        float[][] actual = users(model);
        if (users == null || actual == null) {
            return;
        }
        for (int i = 0; i < users.length; i++) {
            for (int n = 0; n < users[i].length; n++) {
                if (!(Math.abs(actual[i][n] - users[i][n]) <= TOLERANCE)) {
                    throw new PackageRefusedException(
                            packageUri,
                            "golden user " + i + " has " + actual[i][n] + " instead of " + users[i][n] + " at " + n
                                    + " of the vector; publish the package again from where it was made",
                            null);
                }
            }
        }
    }

    private float[][] score(RankingModel model) throws ModelFailedException {
        DenseFeature[] features = DenseFeature.values();
        int perCase = candidates[0].length;
        int width = dense[0].length / perCase;
        FeatureBatch batch = new FeatureBatch(sequences.length, perCase);
        for (int i = 0; i < sequences.length; i++) {
            for (int n = 0; n < sequences[i].length; n++) {
                batch.setSequence(i, n, sequences[i][n]);
            }
            for (int c = 0; c < perCase; c++) {
                batch.setCandidate(i, c, candidates[i][c]);
                for (int f = 0; f < width; f++) {
                    batch.setDense(i, c, features[f], dense[i][c * width + f]);
                }
            }
        }
        float[] flat = new float[sequences.length * perCase];
        model.score(batch, sequences.length, flat);
        float[][] rows = new float[sequences.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * perCase, (i + 1) * perCase);
        }
        return rows;
    }
}
