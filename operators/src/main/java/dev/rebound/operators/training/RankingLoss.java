package dev.rebound.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.training.loss.Loss;

/**
 * Binary cross-entropy of each candidate, which makes scores comparable between users, and softmax cross-entropy of each
 * list (ListNet: Cao, Qin, Liu, Tsai, Li, ICML 2007), which puts what was chosen before what stood beside it. Candidates
 * count by the weight of their class, and lists by that of the strongest thing that was done.
 */
final class RankingLoss extends Loss {
    private static final float FAR_BELOW = 1e4f;

    RankingLoss() {
        super("ranking");
    }

    /**
     * Labels, weights and logits are float32 (moments, candidates); a label below 0 marks padding, which does not count.
     *
     * @param labels the labels, then the weights
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray label = labels.get(0);
        NDArray logit = predictions.singletonOrThrow();
        NDArray real = label.gte(0).toType(DataType.FLOAT32, false);
        NDArray weight = labels.get(1).mul(real);
        NDArray chosen = label.mul(real);
        return each(chosen, logit, weight).add(list(chosen, logit, real, weight));
    }

    /** Cross-entropy by the softplus of the logit, which does not overflow. */
    private static NDArray each(NDArray chosen, NDArray logit, NDArray weight) {
        NDArray softplus =
                Activation.relu(logit).add(logit.abs().neg().exp().add(1).log());
        return softplus.sub(chosen.mul(logit)).mul(weight).sum().div(weight.sum());
    }

    private static NDArray list(NDArray chosen, NDArray logit, NDArray real, NDArray weight) {
        NDArray weighted = chosen.mul(weight);
        NDArray shares = weighted.div(weighted.sum(new int[] {1}, true));
        NDArray ofList = weighted.max(new int[] {1});
        return logit.add(real.sub(1).mul(FAR_BELOW))
                .logSoftmax(1)
                .mul(shares)
                .sum(new int[] {1})
                .neg()
                .mul(ofList)
                .sum()
                .div(ofList.sum());
    }
}
