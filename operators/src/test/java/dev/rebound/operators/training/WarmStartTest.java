package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.rebound.operators.scoring.DenseFeature;
import dev.rebound.operators.scoring.FeatureBatch;
import dev.rebound.operators.scoring.PyTorchEngine;
import dev.rebound.operators.scoring.SequenceRanker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmStartTest {
    private static final int ITEMS = 80;
    private static final SequenceRanker.Architecture SIZES =
            new SequenceRanker.Architecture(ITEMS + 1, 16, 32, FeatureBatch.SEQUENCE_LENGTH, DenseFeature.WIDTH);

    @BeforeEach
    void prepareTheEngine() {
        PyTorchEngine.forTraining();
    }

    @Test
    void aGrownRankerScoresWhatItsParentKnewAsItsParentDoes() {
        try (Model parentModel = Model.newInstance("parent");
                Model grownModel = Model.newInstance("grown")) {
            SequenceRanker parent = initialised(SIZES, parentModel);
            parent.scaleBy(filled(0.5f), filled(2f));
            WarmStart start = new WarmStart(SIZES, parent);
            SequenceRanker grown = initialised(start.architecture(ITEMS + 21), grownModel);
            NDManager manager = parentModel.getNDManager();
            float[] before = scores(grown, manager, 7);

            start.copyTo(grown);

            assertThat(scores(grown, manager, 7)).containsExactly(scores(parent, manager, 7));
            assertThat(before).isNotEqualTo(scores(parent, manager, 7));
            assertThat(scores(grown, manager, ITEMS + 11)).isNotEqualTo(scores(grown, manager, ITEMS + 12));
        }
    }

    @Test
    void aFewMomentsAreEnoughForAModelThatBeginsWithWhatAnotherKnew() throws Exception {
        var options = new TrainerOptions(16, 32, 8, 3, 128, 1e-2f, 0f, 0.2, 7);
        WarmStart start;
        try (TrainedRanker parent =
                new RankerTrainer(TastefulShop.moments(3000), TastefulShop.itemIds(), options, report -> {}).train()) {
            start = parent.warmStart();
        }

        assertThat(firstEpoch(start).ndcg()).isGreaterThan(firstEpoch(null).ndcg() + 0.2);
    }

    private static EpochReport firstEpoch(WarmStart start) throws Exception {
        List<String> items = new ArrayList<>(TastefulShop.itemIds());
        items.add("new");
        try (TrainedRanker ranker = new RankerTrainer(
                        TastefulShop.moments(200),
                        items,
                        new TrainerOptions(16, 32, 1, 1, 128, 1e-3f, 0f, 0.5, 7),
                        start,
                        report -> {})
                .train()) {
            return ranker.report();
        }
    }

    private static SequenceRanker initialised(SequenceRanker.Architecture sizes, Model model) {
        SequenceRanker ranker = new SequenceRanker(sizes);
        model.setBlock(ranker);
        ranker.initialize(
                model.getNDManager(),
                DataType.FLOAT32,
                new Shape(1, sizes.sequenceLength()),
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
    private static float[] scores(SequenceRanker ranker, NDManager manager, int row) {
        try (NDManager scope = manager.newSubManager()) {
            int[] sequence = new int[FeatureBatch.SEQUENCE_LENGTH];
            sequence[0] = 3;
            sequence[1] = 9;
            NDList inputs = new NDList(
                    scope.create(sequence, new Shape(1, sequence.length)),
                    scope.create(new int[] {row}, new Shape(1, 1)),
                    scope.ones(new Shape(1, 1, DenseFeature.WIDTH)));
            return ranker.forward(new ParameterStore(scope, false), inputs, false)
                    .head()
                    .toFloatArray();
        }
    }
}
