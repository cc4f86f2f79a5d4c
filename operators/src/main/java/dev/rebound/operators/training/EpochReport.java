package dev.rebound.operators.training;

/**
 * How far training has come.
 *
 * @param epoch from 1
 * @param trainLoss mean binary cross-entropy a candidate
 * @param auc on the validation moments
 * @param ndcg NDCG@10 on the validation moments
 * @param retrievalNdcg the same for the order in which retrieval gave the candidates
 */
public record EpochReport(
        int epoch, int epochs, double trainLoss, double auc, double ndcg, double retrievalNdcg, double seconds) {

    /** Whether the model orders better than what it re-ranks. */
    public boolean beatsRetrieval() {
        return ndcg > retrievalNdcg;
    }
}
