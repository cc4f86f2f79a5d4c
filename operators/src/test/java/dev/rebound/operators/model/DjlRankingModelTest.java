package dev.rebound.operators.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.XavierInitializer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DjlRankingModelTest {
    private static final int USERS = 64;
    private static final int CANDIDATES = 100;

    private static final float MEAN = 0.5f;

    /** @param mean of every dense feature */
    private static Model ranker(float mean) {
        Model model = Model.newInstance("ranker", PyTorchEngine.forServing().getEngineName());
        SequenceRanker block = new SequenceRanker(new SequenceRanker.Architecture(
                new SequenceEncoder.Architecture(1000, 16, FeatureBatch.SEQUENCE_LENGTH, 0), 64, DenseFeature.WIDTH));
        block.setInitializer(new XavierInitializer(), Parameter.Type.WEIGHT);
        model.setBlock(block);
        block.initialize(
                model.getNDManager(),
                DataType.FLOAT32,
                new Shape(1, FeatureBatch.SEQUENCE_LENGTH),
                new Shape(1, CANDIDATES),
                new Shape(1, CANDIDATES, DenseFeature.WIDTH));
        float[] ones = new float[DenseFeature.WIDTH];
        Arrays.fill(ones, 1);
        float[] means = new float[DenseFeature.WIDTH];
        Arrays.fill(means, mean);
        block.scaleBy(means, ones);
        return model;
    }

    @Test
    void aBatchLeavesNoArrayBehind() throws Exception {
        Model djl = ranker(0f);
        FeatureBatch batch = new FeatureBatch(USERS, CANDIDATES);
        float[] scores = new float[USERS * CANDIDATES];
        try (RankingModel model = new DjlRankingModel("1", ItemVocabulary.of(List.of()), djl, DenseFeature.WIDTH)) {
            model.score(batch, USERS, scores);
            int before = djl.getNDManager().getManagedArrays().size();

            for (int i = 0; i < 100; i++) {
                model.score(batch, 1 + i % USERS, scores);
            }

            assertThat(djl.getNDManager().getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void aUserWhoseScoresAreNoNumbersCostsTheOthersNothing() throws Exception {
        FeatureBatch batch = new FeatureBatch(USERS, CANDIDATES);
        float[] alone = new float[USERS * CANDIDATES];
        float[] scores = new float[USERS * CANDIDATES];
        BitSet failed = new BitSet();
        try (RankingModel model =
                new DjlRankingModel("1", ItemVocabulary.of(List.of()), ranker(0f), DenseFeature.WIDTH)) {
            model.score(batch, 3, alone);
            batch.denseSlice(3).putFloat(CANDIDATES * DenseFeature.WIDTH * Float.BYTES, Float.NaN);

            model.score(batch, 3, scores, failed);

            assertThat(failed).hasToString("{1}");
            assertThat(Arrays.copyOf(scores, CANDIDATES)).containsExactly(Arrays.copyOf(alone, CANDIDATES));
            assertThatThrownBy(() -> model.score(batch, 3, scores)).hasMessageContaining("candidate 0 of user 1");
        }
    }

    @Test
    void aFeatureThatIsNoNumberSaysNothing() {
        FeatureBatch batch = new FeatureBatch(1, 1);
        DenseFeature feature = DenseFeature.values()[0];
        batch.setDense(0, 0, feature, Float.NaN);
        assertThat(batch.dense(0, 0, feature)).isZero();
        batch.setDense(0, 0, feature, Float.NEGATIVE_INFINITY);
        assertThat(batch.dense(0, 0, feature)).isZero();

        float[] all = new float[DenseFeature.WIDTH];
        Arrays.fill(all, 1);
        all[1] = Float.NaN;
        all[2] = Float.NEGATIVE_INFINITY;
        batch.setDense(0, 0, all);
        assertThat(DenseFeature.values())
                .extracting(each -> batch.dense(0, 0, each))
                .startsWith(1f, 0f, 0f, 1f)
                .endsWith(1f);
    }

    @Test
    void whatFeaturesContributeSumsToTheScoreLessThatOfAnAverageItem() throws Exception {
        FeatureBatch batch = new FeatureBatch(2, CANDIDATES);
        FeatureBatch average = new FeatureBatch(1, CANDIDATES);
        SplittableRandom random = new SplittableRandom(1);
        for (int c = 0; c < 3; c++) {
            batch.setSequence(1, c, 1 + random.nextInt(999));
            batch.setCandidate(1, c, 1 + random.nextInt(999));
            for (DenseFeature feature : DenseFeature.values()) {
                batch.setDense(1, c, feature, (float) random.nextGaussian());
                average.setDense(0, 0, feature, MEAN);
            }
        }
        float[] scores = new float[2 * CANDIDATES];
        float[] baseline = new float[CANDIDATES];
        try (RankingModel model =
                new DjlRankingModel("1", ItemVocabulary.of(List.of()), ranker(MEAN), DenseFeature.WIDTH)) {
            model.score(batch, 2, scores);
            model.score(average, 1, baseline);

            List<Map<String, Float>> contributions =
                    new ScoreExplanation(CANDIDATES).of(batch, 1, new int[] {2, 0}, 2, scores, CANDIDATES, 7, model);

            assertThat(sum(contributions.get(0))).isEqualTo(scores[CANDIDATES + 2] - baseline[0], within(1e-4f));
            assertThat(sum(contributions.get(1))).isEqualTo(scores[CANDIDATES] - baseline[0], within(1e-4f));
            assertThat(contributions.get(0).values()).anyMatch(each -> Math.abs(each) > 1e-3f);
        }
    }

    private static float sum(Map<String, Float> contributions) {
        return (float) contributions.values().stream().mapToDouble(each -> each).sum();
    }
}
