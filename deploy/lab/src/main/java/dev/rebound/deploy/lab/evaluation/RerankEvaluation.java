package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the candidates of requests into an order before what the user chose of them is known, and learns that afterwards.
 * Lists of which nothing was chosen say nothing, and are left out.
 */
public final class RerankEvaluation implements SignalListener {
    private static final int MOST_CANDIDATES = 100;

    private final OfflinePipeline pipeline;
    private final List<Recommender> recommenders;
    private final List<Scores> scores;
    private final TaskBatch tasks = new TaskBatch(1);
    private final Map<String, Shown> shown = new HashMap<>();
    private final ItemCounts counts = new ItemCounts();

    /** A request's orders, by recommender, and what was chosen. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Shown(ScoringTask task, long[][] orders, LongOpenHashSet chosen) {}

    public RerankEvaluation(OfflinePipeline pipeline, List<Recommender> recommenders) {
        this.pipeline = pipeline;
        this.recommenders = recommenders;
        this.scores = recommenders.stream()
                .map(recommender -> new Scores(recommender.name(), pipeline.table()))
                .toList();
    }

    @Override
    public void catalog(ItemSignal signal) {
        pipeline.catalog(signal);
    }

    /** Orders the candidates of a request; one without is passed over. */
    @Override
    public void request(UserSignal request) {
        pipeline.request(request);
        if (request.candidates == null || request.candidates.length > MOST_CANDIDATES) {
            return;
        }
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = request.userId;
        task.triggerId = request.id;
        task.scenario = Scenario.HOME;
        task.timeMillis = request.timeMillis;
        task.candidates = request.candidates;
        task.searchOf(request);
        task.features(pipeline.user(request.userId));
        tasks.add(task);
        long[][] orders = new long[recommenders.size()][request.candidates.length];
        for (int r = 0; r < orders.length; r++) {
            recommenders.get(r).recommend(tasks, new long[][] {orders[r]});
        }
        tasks.clear();
        shown.put(request.id, new Shown(task, orders, new LongOpenHashSet()));
    }

    /** Notes what was chosen, and learns the event. */
    @Override
    public void event(UserSignal event) {
        if (!pipeline.isNew(event)) {
            return;
        }
        Shown list = event.requestId == null ? null : shown.get(event.requestId);
        if (Interaction.isInterest(event.type)) {
            counts.add(event.itemKey);
            if (list != null && event.type != EventType.VIEW.ordinal()) {
                list.chosen().add(event.itemKey);
            }
        }
        pipeline.learn(event);
    }

    /** Takes what was before the lists that are judged. */
    public SignalListener learning() {
        return new SignalListener() {
            @Override
            public void catalog(ItemSignal item) {
                RerankEvaluation.this.catalog(item);
            }

            @Override
            public void event(UserSignal event) {
                RerankEvaluation.this.event(event);
            }
        };
    }

    /** How each recommender did, in their order. To be called once, at the end. */
    public List<Scores> scores() {
        for (Shown list : shown.values()) {
            if (!list.chosen().isEmpty()) {
                long[] chosen = list.chosen().toLongArray();
                for (int r = 0; r < recommenders.size(); r++) {
                    long[] order = list.orders()[r];
                    scores.get(r).add(list.task(), chosen, order, order.length, counts);
                    scores.get(r).addPage(list.task(), order, counts);
                }
            }
        }
        shown.clear();
        return scores;
    }
}
