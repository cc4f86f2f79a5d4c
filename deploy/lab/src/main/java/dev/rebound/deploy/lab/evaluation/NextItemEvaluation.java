package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserState;
import it.unimi.dsi.fastutil.longs.LongLinkedOpenHashSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Foresees the items of each event after a user's first, then learns the event.
 *
 * <p>What a user does at one time, such as the lines of an order, is a basket: nothing in it is known before the rest,
 * so there is one list for all of it, made of what was before, and each of its different items is judged as one next item.
 * Line by line instead, each event is predicted from all before it in the feed, those of its own basket too; that asks what
 * completes a basket.
 *
 * <p>Lists of several users are made together and their events learned afterwards together: as in the job, features may
 * be as old as a batch, and never know the future.
 */
public final class NextItemEvaluation {
    /** How deep lists are looked at. */
    public static final int DEPTH = 100;

    private static final int BATCH = 64;
    private static final int MOST_PENDING = 256;

    private final OfflinePipeline pipeline;
    private final List<Recommender> recommenders;
    private final boolean lineByLine;
    private final List<Scores> scores;
    private final TaskBatch tasks = new TaskBatch(BATCH);
    private final List<LongLinkedOpenHashSet> chosen = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Map<String, Basket> open = new HashMap<>();
    private final ItemCounts counts = new ItemCounts();
    private final long[][] lists = new long[BATCH][DEPTH];

    /** Which events are predicted, and what is learned from them. */
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

    /**
     * @param recommenders those that see the tasks, each its own row in the result
     * @param lineByLine whether what a user does at one time is predicted from each other too
     */
    public NextItemEvaluation(OfflinePipeline pipeline, List<Recommender> recommenders, boolean lineByLine) {
        this.pipeline = pipeline;
        this.recommenders = recommenders;
        this.lineByLine = lineByLine;
        this.scores = recommenders.stream()
                .map(recommender -> new Scores(recommender.name(), pipeline.table()))
                .toList();
    }

    private record Pending(UserSignal event, Use use) {}

    /**
     * What a user does at one time.
     *
     * @param row its place among the tasks, or {@link #NOT_FORESEEN}
     */
    private record Basket(long timeMillis, int row) {
        static final int NOT_FORESEEN = -1;
    }

    /** Takes signals for one use. */
    public SignalListener as(Use use) {
        return new SignalListener() {
            @Override
            public void catalog(ItemSignal item) {
                flush();
                pipeline.catalog(item);
            }

            @Override
            public void event(UserSignal event) {
                NextItemEvaluation.this.event(event, use);
            }
        };
    }

    /** Foresees and learns an event; duplicates and requests are passed over. */
    public void event(UserSignal event, Use use) {
        if (event.kind != UserSignal.Kind.EVENT || !pipeline.isNew(event)) {
            return;
        }
        Basket basket = open.get(event.userId);
        if (basket == null || lineByLine || basket.timeMillis() != event.timeMillis) {
            if (basket != null || pending.size() >= MOST_PENDING) {
                flush();
            }
            basket = new Basket(event.timeMillis, Basket.NOT_FORESEEN);
        }
        if (isForeseen(event, use)) {
            if (basket.row() == Basket.NOT_FORESEEN) {
                basket = new Basket(event.timeMillis, addMoment(event));
            }
            chosen.get(basket.row()).add(event.itemKey);
        }
        open.put(event.userId, basket);
        pending.add(new Pending(event.copy(), use));
    }

    private boolean isForeseen(UserSignal event, Use use) {
        boolean predicts = use == Use.PREDICT || use == Use.PREDICT_THEN_LEARN;
        return predicts
                && Interaction.isInterest(event.type)
                && pipeline.user(event.userId).recent.size() > 0;
    }

    private int addMoment(UserSignal event) {
        if (tasks.isFull()) {
            flush();
        }
        ScoringTask task = new ScoringTask();
        task.userId = event.userId;
        task.triggerId = event.id;
        task.timeMillis = event.timeMillis;
        task.features(pipeline.user(event.userId));
        // What came after may be the list that is chosen from, and is not known when that is made.
        task.shown.forgetAfter(task.recent.timeMillis(0));
        tasks.add(task);
        chosen.add(new LongLinkedOpenHashSet());
        return tasks.size() - 1;
    }

    /** Foresees what waits; to be called at the end. */
    public void flush() {
        if (!tasks.isEmpty()) {
            for (int r = 0; r < recommenders.size(); r++) {
                recommenders.get(r).recommend(tasks, lists);
                judge(scores.get(r));
            }
            tasks.clear();
            chosen.clear();
        }
        pending.forEach(this::learn);
        pending.clear();
        open.clear();
    }

    private void judge(Scores of) {
        int items = pipeline.table().size();
        for (int row = 0; row < tasks.size(); row++) {
            for (long item : chosen.get(row)) {
                of.add(tasks.task(row), new long[] {item}, lists[row], items, counts);
            }
            of.addPage(tasks.task(row), lists[row], counts);
        }
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
            counts.add(event.itemKey);
        }
        pipeline.learn(event);
    }

    /** How each recommender did so far, in their order. */
    public List<Scores> scores() {
        return scores;
    }
}
