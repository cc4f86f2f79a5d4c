package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.SequenceEncoder;
import dev.rebound.operators.model.SequenceRanker;
import dev.rebound.operators.model.UserEncoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmStartTest {
    private static final int ITEMS = 80;
    private static final SequenceRanker.Architecture SIZES = new SequenceRanker.Architecture(
            new SequenceEncoder.Architecture(ITEMS + 1, 16, FeatureBatch.SEQUENCE_LENGTH, 0), 32, DenseFeature.WIDTH);

    @BeforeEach
    void prepareTheEngine() {
        PyTorchEngine.forTraining();
    }

    @Test
    void aRankerThatBeginsWithItsParentScoresAsItsParentDoes() {
        try (Model parentModel = Model.newInstance("parent");
                Model nextModel = Model.newInstance("next")) {
            SequenceRanker parent = initialised(SIZES, parentModel);
            parent.scaleBy(filled(0.5f), filled(2f));
            WarmStart start = new WarmStart(SIZES, TastefulShop.itemIds(), parent);
            SequenceRanker next = initialised(SIZES, nextModel);
            NDManager manager = parentModel.getNDManager();
            float[] before = scores(next, manager);

            start.copyTo(next);

            assertThat(scores(next, manager)).containsExactly(scores(parent, manager));
            assertThat(before).isNotEqualTo(scores(parent, manager));
        }
    }

    @Test
    void theEncoderStaysAsItIs() throws Exception {
        try (TrainedEncoder encoder = TastefulShop.encoder(200, options(1, 0.2));
                TrainedRanker parent =
                        new RankerTrainer(TastefulShop.moments(200), encoder, options(1, 0.5), report -> {}).train()) {
            int[][] sequences = new int[1][FeatureBatch.SEQUENCE_LENGTH];
            sequences[0][0] = 3;
            sequences[0][1] = 7;
            try (TrainedEncoder copy = parent.warmStart().encoder();
                    UserEncoder own = encoder.serving();
                    UserEncoder copied = copy.serving()) {
                assertThat(copied.ofRows(sequences)).isDeepEqualTo(own.ofRows(sequences));
            }
        }
    }

    @Test
    void aFewMomentsAreEnoughForAModelThatBeginsWithWhatAnotherKnew() throws Exception {
        WarmStart start;
        try (TrainedRanker parent = new RankerTrainer(
                        TastefulShop.moments(3000),
                        TastefulShop.encoder(50, options(8, 0.2)),
                        options(8, 0.2),
                        report -> {})
                .train()) {
            start = parent.warmStart();
        }

        assertThat(firstEpoch(start).ndcg()).isGreaterThan(firstEpoch(null).ndcg() + 0.1);
    }

    private static EpochReport firstEpoch(@Nullable WarmStart start) throws Exception {
        TrainedEncoder encoder = start == null ? TastefulShop.encoder(50, options(1, 0.5)) : start.encoder();
        try (TrainedRanker ranker =
                new RankerTrainer(TastefulShop.moments(120), encoder, options(1, 0.5), start, report -> {}).train()) {
            return ranker.report();
        }
    }

    private static TrainerOptions options(int epochs, double validationShare) {
        return new TrainerOptions(
                16,
                1,
                1,
                3e-3f,
                32,
                epochs,
                3,
                128,
                1e-2f,
                0f,
                validationShare,
                TrainerOptions.ClassWeights.defaults(),
                7);
    }

    private static SequenceRanker initialised(SequenceRanker.Architecture sizes, Model model) {
        SequenceRanker ranker = new SequenceRanker(sizes);
        model.setBlock(ranker);
        ranker.initialize(
                model.getNDManager(),
                DataType.FLOAT32,
                new Shape(1, FeatureBatch.SEQUENCE_LENGTH),
                new Shape(1, 1),
                new Shape(1, 1, sizes.denseFeatures()));
        return ranker;
    }

    private static float[] filled(float value) {
        float[] values = new float[DenseFeature.WIDTH];
        Arrays.fill(values, value);
        return values;
    }

    /** Of one candidate after a sequence of others. */
    private static float[] scores(SequenceRanker ranker, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            int[] sequence = new int[FeatureBatch.SEQUENCE_LENGTH];
            sequence[0] = 3;
            sequence[1] = 9;
            NDList inputs = new NDList(
                    scope.create(sequence, new Shape(1, sequence.length)),
                    scope.create(new int[] {7}, new Shape(1, 1)),
                    scope.ones(new Shape(1, 1, DenseFeature.WIDTH)));
            return ranker.forward(new ParameterStore(scope, false), inputs, false)
                    .head()
                    .toFloatArray();
        }
    }
}
