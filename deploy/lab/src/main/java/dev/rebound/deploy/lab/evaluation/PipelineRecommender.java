package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.ranking.RankingPolicy;
import dev.rebound.operators.ranking.Slate;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.user.ScoringTask;
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
     * @param users most tasks at once
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
            public void recommend(TaskBatch tasks, long[][] out) {
                order(tasks, other, out);
            }
        };
    }

    @Override
    public void recommend(TaskBatch tasks, long[][] out) {
        batch.clear();
        for (int row = 0; row < tasks.size(); row++) {
            batch.add(tasks.task(row));
        }
        score();
        order(tasks, policy, out);
    }

    private void order(TaskBatch tasks, RankingPolicy by, long[][] out) {
        for (int row = 0; row < tasks.size(); row++) {
            rank(tasks.task(row), row, by, out[row]);
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

    private void rank(ScoringTask task, int row, RankingPolicy by, long[] out) {
        Candidates found = batch.candidates(row);
        task.count = out.length;
        by.choose(task, found, batch.scores(), batch.offset(row), slate);
        for (int n = 0; n < out.length; n++) {
            out[n] = n < slate.size() ? table.candidate(found.slots[slate.candidate(n)]).itemKey : 0;
        }
    }
}
