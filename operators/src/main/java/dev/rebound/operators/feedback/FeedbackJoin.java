package dev.rebound.operators.feedback;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.ranking.ScoredListSerializer;
import dev.rebound.operators.release.guard.VersionOutcome;
import dev.rebound.operators.release.guard.VersionOutcomeSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Joins what was shown with what its user then did, and writes the training examples once the window of a list has passed
 * in event time. Keyed by user. First input: scored lists, in the order of each user; second: feedback.
 *
 * <p>Lists and feedback wait for each other, whichever is first. A user has at most {@link #MOST_LISTS} open lists, the
 * oldest giving way, and feedback on at most {@link #MOST_REQUESTS} requests: 2 KiB as a rule, 600 KiB for a robot that
 * asks for a hundred items at a time. An erasure comes with both inputs, since either may be ahead of the other, and clears
 * all that is there.
 *
 * <p>Sooner, when the attribution window of a list has passed, what became of it goes to {@link #OUTCOMES}, for the guard
 * of releases: once a list, after the same time for each version, 40 bytes of state until then. A list that gave way before
 * is a robot's and has no outcome.
 */
public final class FeedbackJoin extends KeyedCoProcessFunction<String, ScoredList, UserSignal, OutputRecord> {
    private static final long serialVersionUID = 1L;

    /** Most open lists a user. */
    static final int MOST_LISTS = 32;

    /** Most requests of a user that feedback is kept of. */
    static final int MOST_REQUESTS = 64;

    /** What became of each list within its attribution window. */
    public static final OutputTag<VersionOutcome> OUTCOMES = new OutputTag<>(
            "version-outcomes", new RecordTypeInformation<>(VersionOutcome.class, new VersionOutcomeSerializer()));

    private static final long NONE = Long.MAX_VALUE;

    private final long windowMillis;
    private final long attributionMillis;
    private final boolean impressions;

    private transient MapState<String, ScoredList> lists;
    private transient MapState<String, Feedback> feedback;
    /** When the attribution window of each list ends whose outcome is not told yet, event time. */
    private transient MapState<String, Long> outcomesDue;
    /** The user's only timer. */
    private transient ValueState<Long> timer;

    private transient ExampleLabels labels;
    private transient RecordCodec<TrainingExample> codec;
    private transient Counter opened;
    private transient Counter closedEarly;
    private transient Counter withoutFeedback;
    private transient Counter joined;
    private transient Counter late;
    private transient Counter unmatched;
    private transient Counter dropped;
    private transient Counter examples;

    /**
     * @param window how long after its request feedback on a list counts, in event time
     * @param attribution how long after its request the outcome of a list is told; not longer than the window
     * @param impressions whether the shop tells what was seen; else all of a list counts as seen
     */
    public FeedbackJoin(Duration window, Duration attribution, boolean impressions) {
        Preconditions.checkArgument(
                attribution.compareTo(window) <= 0,
                "Feedback is kept for %s, which is less than the attribution window of %s",
                window,
                attribution);
        this.windowMillis = window.toMillis();
        this.attributionMillis = attribution.toMillis();
        this.impressions = impressions;
    }

    /** Whether an event is for this: feedback on an answer, or an erasure. */
    public static boolean isFeedback(UserSignal signal) {
        boolean onItem = signal.requestId != null && signal.itemKey != ItemKey.NONE;
        return signal.type == EventType.ERASE_USER.ordinal()
                || (onItem && (signal.type == EventType.IMPRESSION.ordinal() || Interaction.isInterest(signal.type)));
    }

    @Override
    public void open(OpenContext context) {
        lists = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("open-lists", StringSerializer.INSTANCE, new ScoredListSerializer()));
        feedback = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("feedback", StringSerializer.INSTANCE, new FeedbackSerializer()));
        outcomesDue = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("outcomes-due", StringSerializer.INSTANCE, LongSerializer.INSTANCE));
        timer = getRuntimeContext().getState(new ValueStateDescriptor<>("timer", LongSerializer.INSTANCE));
        labels = new ExampleLabels(impressions);
        codec = RecordCodec.of(TrainingExample.class);
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("rebound");
        opened = metrics.counter("lists_opened_total");
        closedEarly = metrics.counter("lists_closed_early_total");
        withoutFeedback = metrics.counter("lists_without_feedback_total");
        joined = metrics.counter("feedback_joined_total");
        late = metrics.counter("feedback_late_total");
        unmatched = metrics.counter("feedback_unmatched_total");
        dropped = metrics.counter("feedback_dropped_total");
        examples = metrics.counter("training_examples_total");
    }

    @Override
    public void processElement1(ScoredList list, Context context, Collector<OutputRecord> out) throws Exception {
        if (list.erasesUser) {
            erase(context.timerService());
            out.collect(record(list.userId, null, context.timerService(), OutputRecord.NO_ID));
            return;
        }
        if (isAwaited() && count(lists.keys()) >= MOST_LISTS) {
            closeOldest(context.timerService(), out);
        }
        lists.put(list.requestId, list);
        opened.inc();
        long due = list.requestedMillis + attributionMillis;
        outcomesDue.put(list.requestId, due);
        wakeAt(due, context.timerService());
    }

    @Override
    public void processElement2(UserSignal event, Context context, Collector<OutputRecord> out) throws Exception {
        if (event.type == EventType.ERASE_USER.ordinal()) {
            erase(context.timerService());
            return;
        }
        long expires = event.timeMillis + windowMillis;
        if (expires <= context.timerService().currentWatermark()) {
            late.inc();
            return;
        }
        Feedback known = feedback.get(event.requestId);
        if (known == null) {
            if (isAwaited() && count(feedback.keys()) >= MOST_REQUESTS) {
                dropped.inc();
                return;
            }
            known = new Feedback();
            known.expiresMillis = expires;
            wakeAt(expires, context.timerService());
        }
        if (known.add(event.itemKey, event.type, event.timeMillis)) {
            feedback.put(event.requestId, known);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutputRecord> out) throws Exception {
        timer.clear();
        long nextOutcome = tellOutcomes(timestamp, context);
        long next = closeLists(timestamp, context.timerService(), out);
        next = Math.min(Math.min(next, nextOutcome), forgetUnmatched(timestamp));
        if (next != NONE) {
            wakeAt(next, context.timerService());
        }
    }

    /** Tells what became of the lists whose attribution window has passed. Returns when the next one does. */
    private long tellOutcomes(long timestamp, OnTimerContext context) throws Exception {
        long next = NONE;
        for (Iterator<Map.Entry<String, Long>> due = outcomesDue.iterator(); due.hasNext(); ) {
            Map.Entry<String, Long> entry = due.next();
            if (entry.getValue() > timestamp) {
                next = Math.min(next, entry.getValue());
                continue;
            }
            ScoredList list = Preconditions.checkNotNull(lists.get(entry.getKey()), "an open list without its list");
            context.output(OUTCOMES, labels.outcome(list, feedback.get(list.requestId), entry.getValue()));
            due.remove();
        }
        return next;
    }

    /** Closes the lists whose window has passed. Returns when the next one does. */
    private long closeLists(long timestamp, TimerService time, Collector<OutputRecord> out) throws Exception {
        long next = NONE;
        for (Iterator<Map.Entry<String, ScoredList>> open = lists.iterator(); open.hasNext(); ) {
            ScoredList list = open.next().getValue();
            if (closes(list) <= timestamp) {
                close(list, time, out);
                open.remove();
            } else {
                next = Math.min(next, closes(list));
            }
        }
        return next;
    }

    /** Forgets feedback that no list came to. Returns when the next one expires. */
    private long forgetUnmatched(long timestamp) throws Exception {
        long next = NONE;
        for (Iterator<Map.Entry<String, Feedback>> waiting = feedback.iterator(); waiting.hasNext(); ) {
            Map.Entry<String, Feedback> entry = waiting.next();
            Feedback each = entry.getValue();
            if (each.expiresMillis > timestamp) {
                next = Math.min(next, each.expiresMillis);
            } else if (!lists.contains(entry.getKey())) {
                unmatched.inc(each.size());
                waiting.remove();
            }
        }
        return next;
    }

    private void closeOldest(TimerService time, Collector<OutputRecord> out) throws Exception {
        ScoredList oldest = null;
        for (ScoredList list : lists.values()) {
            if (oldest == null || list.requestedMillis < oldest.requestedMillis) {
                oldest = list;
            }
        }
        if (oldest != null) {
            close(oldest, time, out);
            lists.remove(oldest.requestId);
            outcomesDue.remove(oldest.requestId);
            closedEarly.inc();
        }
    }

    /** Writes a list's examples and forgets its feedback. */
    private void close(ScoredList list, TimerService time, Collector<OutputRecord> out) throws Exception {
        Feedback given = feedback.get(list.requestId);
        if (given == null) {
            withoutFeedback.inc();
        } else {
            int inTime = given.sizeUntil(closes(list));
            joined.inc(inTime);
            late.inc(given.size() - inTime);
            feedback.remove(list.requestId);
        }
        List<TrainingExample> labelled = labels.of(list, given, closes(list));
        for (TrainingExample example : labelled) {
            out.collect(record(list.userId, codec.encode(example), time, id(example)));
        }
        examples.inc(labelled.size());
    }

    private void erase(TimerService time) throws Exception {
        Long pending = timer.value();
        if (pending != null) {
            time.deleteEventTimeTimer(pending);
        }
        timer.clear();
        lists.clear();
        outcomesDue.clear();
        feedback.clear();
    }

    /** Whether the user has an open list or feedback: without, there is no timer, and nothing to search for. */
    private boolean isAwaited() throws Exception {
        return timer.value() != null;
    }

    /** Sees to it that the user's timer is no later than that. */
    private void wakeAt(long timeMillis, TimerService time) throws Exception {
        Long pending = timer.value();
        if (pending != null && pending <= timeMillis) {
            return;
        }
        if (pending != null) {
            time.deleteEventTimeTimer(pending);
        }
        time.registerEventTimeTimer(timeMillis);
        timer.update(timeMillis);
    }

    private long closes(ScoredList list) {
        return list.requestedMillis + windowMillis;
    }

    private static int count(Iterable<String> keys) {
        int count = 0;
        for (Iterator<String> each = keys.iterator(); each.hasNext(); each.next()) {
            count++;
        }
        return count;
    }

    /** An item is in a list once. */
    private static long id(TrainingExample example) {
        return ItemKey.of(example.getRecommendationId() + "/" + example.getItemId());
    }

    private static OutputRecord record(String userId, byte @Nullable [] value, TimerService time, long id) {
        return new OutputRecord(
                Topic.TRAINING_EXAMPLES,
                userId.getBytes(StandardCharsets.UTF_8),
                value,
                time.currentProcessingTime(),
                id);
    }
}
