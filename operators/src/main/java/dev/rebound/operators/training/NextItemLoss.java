package dev.rebound.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/** Cross-entropy of the next item, the first of each row of logits, against all of the row. Needs no labels. */
final class NextItemLoss extends Loss {
    NextItemLoss() {
        super("next-item");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        return predictions.singletonOrThrow().logSoftmax(1).get(":, 0").neg().mean();
    }
}
