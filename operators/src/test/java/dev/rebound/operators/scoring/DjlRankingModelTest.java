package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.XavierInitializer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DjlRankingModelTest {
    private static final int USERS = 64;
    private static final int CANDIDATES = 100;

    private static Model ranker() {
        Model model = Model.newInstance("ranker", PyTorchEngine.forServing().getEngineName());
        SequenceRanker block = new SequenceRanker(
                new SequenceRanker.Architecture(1000, 16, 64, FeatureBatch.SEQUENCE_LENGTH, DenseFeature.WIDTH));
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
        block.scaleBy(new float[DenseFeature.WIDTH], ones);
        return model;
    }

    @Test
    void aBatchLeavesNoArrayBehind() throws Exception {
        Model djl = ranker();
        FeatureBatch batch = new FeatureBatch(USERS, CANDIDATES);
        float[] scores = new float[USERS * CANDIDATES];
        try (RankingModel model = new DjlRankingModel("1", ItemVocabulary.of(List.of()), djl)) {
            model.score(batch, USERS, scores);
            int before = djl.getNDManager().getManagedArrays().size();

            for (int i = 0; i < 100; i++) {
                model.score(batch, 1 + i % USERS, scores);
            }

            assertThat(djl.getNDManager().getManagedArrays()).hasSize(before);
        }
    }
}
