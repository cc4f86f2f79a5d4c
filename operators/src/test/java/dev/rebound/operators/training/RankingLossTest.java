package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.training.TrainerOptions.ClassWeights;
import dev.rebound.schemas.EventType;
import org.junit.jupiter.api.Test;

class RankingLossTest {
    private static final float PURCHASE = Interaction.weight(EventType.PURCHASE.ordinal());
    private static final float CLICK = Interaction.weight(EventType.CLICK.ordinal());

    /** Two moments of two candidates, logits in favour of the first; what is done with which is told. */
    private static double loss(ClassWeights classes, float[] strengths) {
        try (NDManager manager = PyTorchEngine.forServing().newBaseManager()) {
            float[] labels = new float[4];
            float[] weights = new float[4];
            for (int i = 0; i < 4; i++) {
                labels[i] = strengths[i] > 0 ? 1 : 0;
                weights[i] = classes.of(strengths[i]);
            }
            Shape shape = new Shape(2, 2);
            return new RankingLoss()
                    .evaluate(
                            new NDList(manager.create(labels, shape), manager.create(weights, shape)),
                            new NDList(manager.create(new float[] {2, -1, 2, -1}, shape)))
                    .getFloat();
        }
    }

    @Test
    void aPurchaseThatIsFarFromTheTopCostsMoreThanAClickIfActionsCount() {
        ClassWeights byAction = new ClassWeights(1, 1);
        float[] purchaseMissed = {CLICK, 0, 0, PURCHASE};
        float[] clickMissed = {PURCHASE, 0, 0, CLICK};

        assertThat(loss(byAction, purchaseMissed)).isGreaterThan(loss(byAction, clickMissed) + 0.5);
        ClassWeights alike = new ClassWeights(1, 0);
        assertThat(loss(alike, purchaseMissed)).isEqualTo(loss(alike, clickMissed), within(1e-6));
    }

    @Test
    void whatWasChosenWeighsAsToldAgainstWhatWasNot() {
        float[] chosen = {CLICK, 0, CLICK, 0};

        // The chosen ones are the better told here, so that the mean falls as they weigh more.
        assertThat(loss(new ClassWeights(9, 0), chosen)).isLessThan(loss(new ClassWeights(1, 0), chosen));
    }
}
