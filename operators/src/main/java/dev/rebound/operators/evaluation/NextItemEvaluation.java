package dev.rebound.operators.evaluation;

import dev.rebound.operators.features.Interaction;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.features.UserFeatures;
import dev.rebound.operators.features.UserState;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.scoring.ScoringTask;
import dev.rebound.operators.training.OfflinePipeline;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Foresees, for each event after a user's first, the item of the event. What is foreseen together, at most one moment a
 * user, is learned afterwards together: as in the job, features may be as old as a batch, and never know the future.
 */
public final class NextItemEvaluation {
    /** How deep lists are looked at. */
    public static final int DEPTH = 20;

    private static final int BATCH = 64;

    private final OfflinePipeline pipeline;
    private final List<Recommender> recommenders;
    private final List<Scores> scores;
    private final Moments moments = new Moments(BATCH);
    private final List<long[]> chosen = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Set<String> pendingUsers = new HashSet<>();
    private final Long2IntOpenHashMap counts = new Long2IntOpenHashMap();
    private final long[][] lists = new long[BATCH][DEPTH];

    /** Which events are foreseen, and what is learned from them. */
    public enum Use {
        /** Learned only: history. */
        LEARN,
        /** Foreseen, then learned. */
        PREDICT_THEN_LEARN,
        /** Foreseen, then part of the user's own history and of nothing else. */
        PREDICT,
        /** Part of the user's own history and of nothing else. */
        OBSERVE
    }

    /** @param recommenders those that see the moments, each its own row in the result */
    public NextItemEvaluation(OfflinePipeline pipeline, List<Recommender> recommenders) {
        this.pipeline = pipeline;
        this.recommenders = recommenders;
        this.scores = recommenders.stream()
                .map(recommender -> new Scores(recommender.name(), pipeline.table()))
                .toList();
    }

    private record Pending(UserSignal event, Use use) {}

    /** Learns a catalog change. */
    public void catalog(ItemSignal signal) {
        flush();
        pipeline.catalog(signal);
    }

    /** Foresees and learns an event; duplicates and requests are passed over. */
    public void event(UserSignal event, Use use) {
        if (event.kind != UserSignal.Kind.EVENT) {
            return;
        }
        if (pendingUsers.contains(event.userId)) {
            flush();
        }
        if (!pipeline.isNew(event)) {
            return;
        }
        UserState user = pipeline.user(event.userId);
        boolean predicts = use == Use.PREDICT || use == Use.PREDICT_THEN_LEARN;
        if (predicts && Interaction.isInterest(event.type) && user.recent.size() > 0) {
            moments.add(task(event, user));
            chosen.add(new long[] {event.itemKey});
        }
        pending.add(new Pending(event.copy(), use));
        pendingUsers.add(event.userId);
        if (moments.isEmpty() || moments.isFull()) {
            flush();
        }
    }

    /** Foresees what waits; to be called at the end. */
    public void flush() {
        if (!moments.isEmpty()) {
            for (int r = 0; r < recommenders.size(); r++) {
                recommenders.get(r).recommend(moments, lists);
                for (int moment = 0; moment < moments.size(); moment++) {
                    scores.get(r).add(moments.task(moment), chosen.get(moment), lists[moment], counts);
                }
            }
            moments.clear();
            chosen.clear();
        }
        pending.forEach(this::learn);
        pending.clear();
        pendingUsers.clear();
    }

    private void learn(Pending waiting) {
        UserSignal event = waiting.event();
        if (waiting.use() == Use.PREDICT || waiting.use() == Use.OBSERVE) {
            pipeline.observe(event);
            return;
        }
        UserState user = pipeline.user(event.userId);
        if (Interaction.isInterest(event.type)) {
            boolean sameSession = user.recent.size() > 0
                    && event.timeMillis - user.recent.timeMillis(0) <= UserFeatures.SESSION_GAP_MILLIS;
            recommenders.forEach(each -> each.learn(event.userId, user.recent, sameSession, event.itemKey));
            counts.addTo(event.itemKey, 1);
        }
        pipeline.learn(event);
    }

    private static ScoringTask task(UserSignal event, UserState user) {
        ScoringTask task = new ScoringTask();
        task.userId = event.userId;
        task.triggerId = event.id;
        task.timeMillis = event.timeMillis;
        task.features(user);
        // What came after may be the list that was chosen from, and is not known when that is made.
        task.shown.forgetAfter(user.recent.timeMillis(0));
        return task;
    }

    /** How each recommender did so far, in their order. */
    public List<Scores> scores() {
        return scores;
    }
}
