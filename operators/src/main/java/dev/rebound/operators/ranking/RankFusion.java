package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.ScoreOrder;
import java.util.Arrays;

/**
 * Brings the order of a model and that of how well items answer a query together: reciprocal rank fusion (Cormack, Clarke,
 * Büttcher, SIGIR 2009). A model that has never learned from a search can't bury what was asked for. Owned by one thread;
 * allocates nothing.
 */
public final class RankFusion {
    private static final float K = 60;

    private final ScoreOrder order;
    private final float[] fused;

    /** @param most candidates */
    public RankFusion(int most) {
        this.order = new ScoreOrder(most);
        this.fused = new float[most];
    }

    /**
     * Puts fused scores in place of a model's.
     *
     * @param relevance of the candidates, none negative
     * @param scores of the same, from {@code offset} on, none negative; receives scores in (0, 1]
     */
    public void fuse(float[] relevance, int size, float[] scores, int offset) {
        Arrays.fill(fused, 0, size, 0);
        addRanks(relevance, 0, size);
        addRanks(scores, offset, size);
        System.arraycopy(fused, 0, scores, offset, size);
    }

    private void addRanks(float[] values, int offset, int size) {
        order.clear();
        for (int c = 0; c < size; c++) {
            // Of equal ones the first is ahead: its number counts down.
            order.add(size - c, values[offset + c]);
        }
        order.sort();
        for (int rank = 0; rank < size; rank++) {
            int c = size - order.number(rank);
            fused[c] += (K + 1) / (K + 1 + rank) / 2;
        }
    }
}
