package dev.rebound.operators.evaluation;

import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.ranking.RankingPolicy;
import dev.rebound.operators.ranking.Slate;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.scoring.ModelFailedException;
import dev.rebound.operators.scoring.RankingModel;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.scoring.ScoringTask;
import dev.rebound.operators.training.OfflinePipeline;
import org.jspecify.annotations.Nullable;

/** What the job would recommend: its retrieval, and its model's order or that of retrieval, without a policy. */
public final class PipelineRecommender implements Recommender {
    private final String name;
    private final ItemTable table;
    private final ScoringBatch batch;
    private final @Nullable RankingModel model;
    private final RankingPolicy policy;
    private final int candidates;
    private final Slate slate = new Slate();

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
        this.policy = new RankingPolicy(table, PolicySettings.BY_SCORE, candidates);
        this.candidates = candidates;
    }

    @Override
    public String name() {
        return name;
    }

    /** The same scores in another order: a recommender to stand right behind this one, which scores for both. */
    public Recommender reordered(String reorderedName, PolicySettings settings) {
        RankingPolicy other = new RankingPolicy(table, settings, candidates);
        return new Recommender() {
            @Override
            public String name() {
                return reorderedName;
            }

            @Override
            public void recommend(Moments moments, long[][] out) {
                order(moments, other, out);
            }
        };
    }

    @Override
    public void recommend(Moments moments, long[][] out) {
        batch.clear();
        for (int moment = 0; moment < moments.size(); moment++) {
            batch.add(moments.task(moment));
        }
        score();
        order(moments, policy, out);
    }

    private void order(Moments moments, RankingPolicy by, long[][] out) {
        for (int moment = 0; moment < moments.size(); moment++) {
            rank(moments.task(moment), moment, by, out[moment]);
        }
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

    private void rank(ScoringTask task, int moment, RankingPolicy by, long[] out) {
        Candidates found = batch.candidates(moment);
        task.count = out.length;
        by.choose(task, found, batch.scores(), batch.offset(moment), slate);
        for (int n = 0; n < out.length; n++) {
            out[n] = n < slate.size() ? table.item(found.slots[slate.candidate(n)]).itemKey : 0;
        }
    }
}
