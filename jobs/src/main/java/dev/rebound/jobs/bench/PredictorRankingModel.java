package dev.rebound.jobs.bench;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.UserEncoder;
import org.jspecify.annotations.Nullable;

/** Scores one user a call through a DJL {@link Predictor} and a translator that makes arrays of Java arrays. */
final class PredictorRankingModel implements RankingModel {
    private static final DenseFeature[] FEATURES = DenseFeature.values();

    private final String version;
    private final ItemVocabulary vocabulary;
    private final Model model;
    private final Predictor<User, float[]> predictor;
    private final @Nullable UserEncoder encoder;

    PredictorRankingModel(String version, ItemVocabulary vocabulary, Model model, int denseFeatures) {
        this.version = version;
        this.vocabulary = vocabulary;
        this.model = model;
        this.predictor = model.newPredictor(new UserTranslator(denseFeatures));
        this.encoder = UserEncoder.of(model, vocabulary);
    }

    /** One user's row of a batch. */
    private record User(FeatureBatch batch, int row) {}

    @Override
    public String version() {
        return version;
    }

    @Override
    public ItemVocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public @Nullable UserEncoder encoder() {
        return encoder;
    }

    @Override
    public void score(FeatureBatch batch, int users, float[] scores) throws ModelFailedException {
        for (int row = 0; row < users; row++) {
            try {
                float[] result = predictor.predict(new User(batch, row));
                System.arraycopy(result, 0, scores, row * batch.candidates(), result.length);
            } catch (TranslateException e) {
                throw new ModelFailedException("Model version " + version + " threw: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }

    private static final class UserTranslator implements Translator<User, float[]> {
        private final int width;

        UserTranslator(int width) {
            this.width = width;
        }

        @Override
        public NDList processInput(TranslatorContext context, User user) {
            FeatureBatch batch = user.batch();
            int[] sequence = new int[FeatureBatch.SEQUENCE_LENGTH];
            for (int n = 0; n < sequence.length; n++) {
                sequence[n] = batch.sequence(user.row(), n);
            }
            int[] candidates = new int[batch.candidates()];
            float[] dense = new float[candidates.length * width];
            for (int c = 0; c < candidates.length; c++) {
                candidates[c] = batch.candidate(user.row(), c);
                for (int f = 0; f < width; f++) {
                    dense[c * width + f] = batch.dense(user.row(), c, FEATURES[f]);
                }
            }
            NDManager manager = context.getNDManager();
            return new NDList(
                    manager.create(sequence, new Shape(1, sequence.length)),
                    manager.create(candidates, new Shape(1, candidates.length)),
                    manager.create(dense, new Shape(1, candidates.length, width)));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList output) {
            return output.head().toFloatArray();
        }

        @Override
        public @Nullable Batchifier getBatchifier() {
            return null;
        }
    }
}
