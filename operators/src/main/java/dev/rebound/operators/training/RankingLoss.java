package dev.rebound.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * Binary cross-entropy of each candidate, which makes scores comparable between users, and softmax cross-entropy of each
 * list (ListNet: Cao, Qin, Liu, Tsai, Li, ICML 2007), which puts what was chosen before what stood beside it.
 */
final class RankingLoss extends Loss {
    private final Loss each = Loss.sigmoidBinaryCrossEntropyLoss();

    RankingLoss() {
        super("ranking");
    }

    /** Labels and logits are float32 (moments, candidates). */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray chosen = labels.singletonOrThrow();
        NDArray shares = chosen.div(chosen.sum(new int[] {1}, true));
        NDArray list = predictions
                .singletonOrThrow()
                .logSoftmax(1)
                .mul(shares)
                .sum(new int[] {1})
                .neg()
                .mean();
        return each.evaluate(labels, predictions).add(list);
    }
}
