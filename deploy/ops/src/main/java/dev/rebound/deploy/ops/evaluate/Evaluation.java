package dev.rebound.deploy.ops.evaluate;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.console.Ticker;
import dev.rebound.deploy.ops.events.DecodedFeed;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.operators.evaluation.AttributeOrder;
import dev.rebound.operators.evaluation.CountBaseline;
import dev.rebound.operators.evaluation.NextItemEvaluation;
import dev.rebound.operators.evaluation.NextItemEvaluation.Use;
import dev.rebound.operators.evaluation.PipelineRecommender;
import dev.rebound.operators.evaluation.PopularityBaseline;
import dev.rebound.operators.evaluation.RerankEvaluation;
import dev.rebound.operators.evaluation.Scores;
import dev.rebound.operators.evaluation.SessionNeighbourBaseline;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.scoring.RankingModel;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.TrainedRanker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trains a model as the job's would be, then foresees events with it and with baselines. */
final class Evaluation {
    /** Of a stream without a test file, the first part that the model is trained on. */
    private static final double TRAINED_SHARE = 0.3;

    /** The same where lists that were shown are put into another order. */
    private static final double TRAINED_SHARE_OF_LISTS = 0.8;

    private static final int USERS = 64;
    private static final int CANDIDATES = 200;

    private final long seed;
    private final Progress output;
    private final Ticker ticker;

    Evaluation(long seed, Progress output) {
        this.seed = seed;
        this.output = output;
        this.ticker = new Ticker(output);
    }

    /**
     * Runs a protocol.
     *
     * @param test for next-item
     * @param lastOnly whether of each user in the test file only the last event is foreseen
     */
    EvaluationResult run(
            String name, EventSource source, @Nullable EventSource test, Protocol protocol, boolean lastOnly) {
        if (protocol == Protocol.NEXT_ITEM && test == null) {
            throw new CommandFailedException("The protocol next-item needs a file to foresee: give it with --test");
        }
        if (protocol == Protocol.CAMPAIGNS) {
            return new CampaignProtocol(ticker).run(name, source);
        }
        long begin = System.nanoTime();
        long events = source.eventCount();
        long trained = test == null ? (long) (events * trainedShare(protocol)) : events;
        try (TrainedRanker ranker =
                        new ModelTraining(seed, output).train(source, trained, protocol == Protocol.NEXT_ITEM);
                RankingModel model = ranker.serving("evaluated")) {
            List<Scores> scores = protocol == Protocol.RERANK
                    ? rerank(source, trained, model)
                    : nextItems(source, trained, test, lastOnly, model);
            return new EvaluationResult(
                    name, protocol, scores.get(0).count(), (System.nanoTime() - begin) / 1e9, rows(scores));
        }
    }

    private static double trainedShare(Protocol protocol) {
        return protocol == Protocol.RERANK ? TRAINED_SHARE_OF_LISTS : TRAINED_SHARE;
    }

    private List<Scores> nextItems(
            EventSource source, long trained, @Nullable EventSource test, boolean lastOnly, RankingModel model) {
        OfflinePipeline pipeline = new OfflinePipeline();
        NextItemEvaluation evaluation = new NextItemEvaluation(
                pipeline,
                List.of(
                        new PipelineRecommender("rebound", pipeline, model, USERS, CANDIDATES),
                        new PipelineRecommender("rebound-retrieval", pipeline, null, USERS, CANDIDATES),
                        new PopularityBaseline(),
                        CountBaseline.coVisitation(),
                        CountBaseline.markov(),
                        CountBaseline.sequentialRules(),
                        new SessionNeighbourBaseline()));
        replay(source, trained, evaluation);
        if (test != null) {
            foresee(test, lastOnly, evaluation);
        }
        evaluation.flush();
        return evaluation.scores();
    }

    private List<Scores> rerank(EventSource source, long trained, RankingModel model) {
        OfflinePipeline pipeline = new OfflinePipeline();
        RerankEvaluation evaluation = new RerankEvaluation(
                pipeline,
                List.of(
                        new PipelineRecommender("rebound", pipeline, model, 1, CANDIDATES),
                        new AttributeOrder("popularity", pipeline.table(), item -> item.popularity),
                        new AttributeOrder("action-rate", pipeline.table(), item -> item.actionRate)));
        new DecodedFeed(source).read(Long.MAX_VALUE, new DecodedFeed.Listener() {
            private long read;

            @Override
            public void item(ItemSignal item) {
                evaluation.catalog(item);
            }

            @Override
            public void request(UserSignal request) {
                if (read >= trained) {
                    evaluation.request(request);
                }
            }

            @Override
            public void event(UserSignal event) {
                read++;
                evaluation.event(event);
                ticker.tick("evaluation: " + read + " events");
            }
        });
        return evaluation.scores();
    }

    /** The events of each user in a test file come one after the other. */
    private static void foresee(EventSource test, boolean lastOnly, NextItemEvaluation evaluation) {
        List<UserSignal> held = new ArrayList<>();
        new DecodedFeed(test).read(Long.MAX_VALUE, new DecodedFeed.Listener() {
            @Override
            public void item(ItemSignal item) {}

            @Override
            public void event(UserSignal event) {
                if (!held.isEmpty()) {
                    UserSignal before = held.remove(0);
                    boolean isLast = !before.userId.equals(event.userId);
                    evaluation.event(before, isLast || !lastOnly ? Use.PREDICT : Use.OBSERVE);
                }
                held.add(event.copy());
            }
        });
        held.forEach(last -> evaluation.event(last, Use.PREDICT));
    }

    private void replay(EventSource source, long learnedOnly, NextItemEvaluation evaluation) {
        new DecodedFeed(source).read(Long.MAX_VALUE, new DecodedFeed.Listener() {
            private long read;

            @Override
            public void item(ItemSignal item) {
                evaluation.catalog(item);
            }

            @Override
            public void event(UserSignal event) {
                evaluation.event(event, read++ < learnedOnly ? Use.LEARN : Use.PREDICT_THEN_LEARN);
                ticker.tick("evaluation: " + read + " events");
            }
        });
    }

    private static Map<String, EvaluationResult.Row> rows(List<Scores> scores) {
        Map<String, EvaluationResult.Row> rows = new LinkedHashMap<>();
        for (Scores each : scores) {
            rows.put(each.name(), new EvaluationResult.Row(each.metrics(), each.ci95()));
        }
        return rows;
    }
}
