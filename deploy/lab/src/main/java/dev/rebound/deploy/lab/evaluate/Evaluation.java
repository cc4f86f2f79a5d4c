package dev.rebound.deploy.lab.evaluate;

import dev.rebound.deploy.lab.evaluation.AttributeOrder;
import dev.rebound.deploy.lab.evaluation.CountBaseline;
import dev.rebound.deploy.lab.evaluation.NextItemEvaluation;
import dev.rebound.deploy.lab.evaluation.NextItemEvaluation.Use;
import dev.rebound.deploy.lab.evaluation.PipelineRecommender;
import dev.rebound.deploy.lab.evaluation.PopularityBaseline;
import dev.rebound.deploy.lab.evaluation.Recommender;
import dev.rebound.deploy.lab.evaluation.RerankEvaluation;
import dev.rebound.deploy.lab.evaluation.Scores;
import dev.rebound.deploy.lab.evaluation.SessionNeighbourBaseline;
import dev.rebound.deploy.lab.events.DecodedFeed;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FirstPart;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.site.Meter;
import dev.rebound.deploy.site.Progress;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.user.UserSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trains a model as the job's would be, then predicts events with it and with baselines. */
public final class Evaluation {
    private static final int USERS = 64;
    private static final int CANDIDATES = 200;

    private final long seed;
    private final Map<String, PolicySettings> policies;
    private final Progress output;

    /** @param policies by name, each measured in a row of its own */
    public Evaluation(long seed, Map<String, PolicySettings> policies, Progress output) {
        this.seed = seed;
        this.policies = policies;
        this.output = output;
    }

    /** How each recommender did, ours first. */
    public List<Scores> run(EvaluationPlan plan) {
        boolean afterSessions = plan.protocol() == Protocol.NEXT_ITEM;
        try (TrainedRanker ranker = new ModelTraining(seed, output)
                        .train(plan.events(), plan.trained(), afterSessions, plan.lineByLine());
                RankingModel model = ranker.serving("evaluated")) {
            return plan.protocol() == Protocol.RERANK ? rerank(plan, model) : nextItems(plan, model);
        }
    }

    private List<Scores> nextItems(EvaluationPlan plan, RankingModel model) {
        OfflinePipeline pipeline = new OfflinePipeline();
        List<Recommender> recommenders = withPolicies(pipeline, model, USERS);
        recommenders.addAll(List.of(
                new PipelineRecommender("rebound-retrieval", pipeline, null, USERS, CANDIDATES),
                new PopularityBaseline(),
                CountBaseline.coVisitation(),
                CountBaseline.markov(),
                CountBaseline.sequentialRules(),
                new SessionNeighbourBaseline()));
        NextItemEvaluation evaluation = new NextItemEvaluation(pipeline, recommenders, plan.lineByLine());
        read(plan.events(), plan.trained(), evaluation.as(Use.LEARN), evaluation.as(Use.PREDICT_THEN_LEARN));
        if (plan.test() != null) {
            TestUsers users = new TestUsers(evaluation, plan.lastOnly());
            read(plan.test(), FirstPart.ALL, users, users);
            users.end();
        }
        evaluation.flush();
        return evaluation.scores();
    }

    /** The pipeline by its scores alone, and right behind it the same scores under each policy. */
    private List<Recommender> withPolicies(OfflinePipeline pipeline, RankingModel model, int users) {
        PipelineRecommender byScore = new PipelineRecommender("rebound", pipeline, model, users, CANDIDATES);
        List<Recommender> recommenders = new ArrayList<>(List.of(byScore));
        policies.forEach(
                (name, settings) -> recommenders.add(byScore.reordered(byScore.name() + " " + name, settings)));
        return recommenders;
    }

    private List<Scores> rerank(EvaluationPlan plan, RankingModel model) {
        OfflinePipeline pipeline = new OfflinePipeline();
        List<Recommender> recommenders = withPolicies(pipeline, model, 1);
        recommenders.add(new AttributeOrder("popularity", pipeline.table(), item -> item.popularity));
        recommenders.add(new AttributeOrder("action-rate", pipeline.table(), item -> item.actionRate));
        RerankEvaluation evaluation = new RerankEvaluation(pipeline, recommenders);
        read(plan.events(), plan.trained(), evaluation.learning(), evaluation);
        return evaluation.scores();
    }

    private void read(EventSource source, FirstPart part, SignalListener before, SignalListener after) {
        try (DecodedFeed feed = new DecodedFeed(source, new Meter(output, "evaluation", source.eventCount()))) {
            feed.read(part, before);
            feed.read(FirstPart.ALL, after);
        }
    }

    /** Foresees the events of a test file, where each user's come one after the other; its catalog is not used. */
    private static final class TestUsers implements SignalListener {
        private final NextItemEvaluation evaluation;
        private final boolean lastOnly;
        private @Nullable UserSignal held;

        TestUsers(NextItemEvaluation evaluation, boolean lastOnly) {
            this.evaluation = evaluation;
            this.lastOnly = lastOnly;
        }

        @Override
        public void catalog(ItemSignal item) {}

        @Override
        public void event(UserSignal event) {
            if (held != null) {
                boolean isLast = !held.userId.equals(event.userId);
                evaluation.event(held, isLast || !lastOnly ? Use.PREDICT : Use.OBSERVE);
            }
            held = event.copy();
        }

        void end() {
            if (held != null) {
                evaluation.event(held, Use.PREDICT);
            }
        }
    }
}
