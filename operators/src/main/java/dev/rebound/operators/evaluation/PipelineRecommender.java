package dev.rebound.operators.evaluation;

import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.scoring.ModelFailedException;
import dev.rebound.operators.scoring.RankingModel;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.training.OfflinePipeline;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the job would recommend: its retrieval, and its model's order or that of retrieval. */
public final class PipelineRecommender implements Recommender {
    private final String name;
    private final ItemTable table;
    private final ScoringBatch batch;
    private final @Nullable RankingModel model;

    /**
     * @param pipeline taught by the caller
     * @param model null for the order of retrieval
     * @param users most moments at once
     * @param candidates candidates a user
     */
    public PipelineRecommender(
            String name, OfflinePipeline pipeline, @Nullable RankingModel model, int users, int candidates) {
        this.name = name;
        this.table = pipeline.table();
        this.batch = new ScoringBatch(table, pipeline.popular(), pipeline.sessions(), users, candidates);
        this.model = model;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void recommend(Moments moments, long[][] out) {
        for (int moment = 0; moment < moments.size(); moment++) {
            batch.add(moments.task(moment));
        }
        score();
        for (int moment = 0; moment < moments.size(); moment++) {
            rank(moment, out[moment]);
        }
        batch.clear();
    }

    private void score() {
        if (model == null) {
            batch.scoreByRetrieval();
            return;
        }
        try {
            batch.score(model);
        } catch (ModelFailedException e) {
            throw new IllegalStateException("The model under evaluation failed: " + e.getMessage(), e);
        }
    }

    private void rank(int moment, long[] out) {
        Candidates candidates = batch.candidates(moment);
        long[] order = new long[candidates.size()];
        for (int c = 0; c < order.length; c++) {
            float score = batch.scores()[batch.offset(moment) + c];
            order[c] = ((long) Float.floatToRawIntBits(score) << 32) | (order.length - 1 - c);
        }
        Arrays.sort(order);
        for (int i = 0; i < out.length; i++) {
            int c = i < order.length ? order.length - 1 - (int) order[order.length - 1 - i] : -1;
            out[i] = c < 0 ? 0 : table.item(candidates.slots[c]).itemKey;
        }
    }
}
