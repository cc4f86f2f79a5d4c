package dev.rebound.operators.item;

import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.serialization.WriteBehindState;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each item's catalog entry, counters and neighbours, and sends changed items on to be broadcast. Keyed by item.
 * Beside them it keeps the latest sessions and
 * what users take after a query, each under a key of its own. An item of the catalog is kept for as long as it is there;
 * one that only events name, or that left the catalog, for {@link #UNLISTED_TTL} after its last event; a query for
 * {@link #QUERY_TTL} after its last choice.
 *
 * <p>Items and sessions live here, once and incrementally checkpointed; the scoring tasks that receive them keep no state. So that
 * they have every item after a start or restore, each subtask first sends all that it holds, then that it is complete.
 */
public final class ItemFeatureOperator extends AbstractStreamOperator<ItemUpdate>
        implements OneInputStreamOperator<ItemSignal, ItemUpdate>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final int ITEMS_IN_MEMORY = 16_384;
    private static final int QUERIES_IN_MEMORY = 1024;

    /** A choice then weighs less than a tenth of a new one. */
    private static final Duration QUERY_TTL = Duration.ofDays(60);

    /** Popularity is by then a billionth of what it was, a transition a twentieth. */
    private static final Duration UNLISTED_TTL = Duration.ofDays(60);

    private static final Duration SWEEP_INTERVAL = Duration.ofDays(1);

    /** After a start: a job that is started every day must sweep too. */
    private static final Duration FIRST_SWEEP = Duration.ofHours(1);

    private final Duration interval;
    private final Duration sessionTtl;

    private transient ValueStateDescriptor<long[]> sessionDescriptor;
    private transient ValueState<long[]> sessions;
    private transient ValueStateDescriptor<ItemState> descriptor;
    private transient WriteBehindState<Long, ItemState> items;
    private transient ValueStateDescriptor<Neighbours> queryDescriptor;
    private transient WriteBehindState<Long, Neighbours> queries;
    private transient ItemUpdate update;
    private transient StreamRecord<ItemUpdate> updateRecord;
    private transient boolean complete;
    private transient long newestMillis;
    private transient long nextSweepMillis;
    private transient Counter sent;
    private transient Counter forgotten;

    /**
     * @param interval how long changes of an item are gathered before they are sent
     * @param sessionTtl how long a session is kept after its last change
     */
    public ItemFeatureOperator(Duration interval, Duration sessionTtl) {
        this.interval = interval;
        this.sessionTtl = sessionTtl;
    }

    @Override
    public void open() throws Exception {
        super.open();
        descriptor = new ValueStateDescriptor<>("item", new ItemStateSerializer());
        items = new WriteBehindState<>(
                this.<Long>getKeyedStateBackend(),
                getPartitionedState(descriptor),
                ItemState::new,
                this::send,
                ITEMS_IN_MEMORY);
        sessionDescriptor = new ValueStateDescriptor<>("session", LongPrimitiveArraySerializer.INSTANCE);
        sessionDescriptor.enableTimeToLive(keptFor(sessionTtl));
        sessions = getPartitionedState(sessionDescriptor);
        queryDescriptor = new ValueStateDescriptor<>("query", new NeighboursSerializer());
        queryDescriptor.enableTimeToLive(keptFor(QUERY_TTL));
        queries = new WriteBehindState<>(
                this.<Long>getKeyedStateBackend(),
                getPartitionedState(queryDescriptor),
                Neighbours::new,
                this::sendQuery,
                QUERIES_IN_MEMORY);
        update = new ItemUpdate();
        updateRecord = new StreamRecord<>(update);
        sent = getMetricGroup().addGroup("rebound").counter("item_updates_total");
        forgotten = getMetricGroup().addGroup("rebound").counter("items_forgotten_total");
        newestMillis = Long.MIN_VALUE;
        nextSweepMillis = getProcessingTimeService().getCurrentProcessingTime() + FIRST_SWEEP.toMillis();
        // Nothing may be emitted in open(): while channels recover it could wait for buffers for ever.
        scheduleIn(0);
    }

    private static StateTtlConfig keptFor(Duration ttl) {
        return StateTtlConfig.newBuilder(ttl)
                .cleanupInRocksdbCompactFilter(1000, Duration.ofDays(1))
                .build();
    }

    @Override
    public void processElement(StreamRecord<ItemSignal> element) throws Exception {
        ItemSignal signal = element.getValue();
        if (signal.kind == ItemSignal.Kind.SESSION) {
            session(signal.itemKey, Preconditions.checkNotNull(signal.sessionItems));
            return;
        }
        if (signal.kind == ItemSignal.Kind.QUERY) {
            ItemFeatures.applyChoice(queries.current(signal.itemKey), signal);
            return;
        }
        if (signal.kind == ItemSignal.Kind.INTERACTION) {
            newestMillis = Math.max(newestMillis, signal.timeMillis);
        }
        ItemFeatures.apply(items.current(signal.itemKey), signal);
    }

    @Override
    public void onProcessingTime(long timestamp) throws Exception {
        publish();
        long now = getProcessingTimeService().getCurrentProcessingTime();
        if (now >= nextSweepMillis && newestMillis != Long.MIN_VALUE) {
            nextSweepMillis = now + SWEEP_INTERVAL.toMillis();
            forgetUnlisted(newestMillis - UNLISTED_TTL.toMillis());
        }
        scheduleIn(interval.toMillis());
    }

    /** By the events' own time, as features are: a replay of last year's forgets nothing of that year. */
    private void forgetUnlisted(long beforeMillis) throws Exception {
        this.<Long>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        descriptor,
                        (Long key, ValueState<ItemState> state) -> {
                            ItemState item = state.value();
                            if (item != null && item.isUnlistedSince(beforeMillis)) {
                                state.clear();
                                forgotten.inc();
                            }
                        });
    }

    private void scheduleIn(long millis) {
        long at = getProcessingTimeService().getCurrentProcessingTime() + millis;
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(at, this);
    }

    private void publish() throws Exception {
        items.flush();
        queries.flush();
        if (!complete) {
            sendAll();
            complete = true;
        }
    }

    private void sendAll() throws Exception {
        this.<Long>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        descriptor,
                        (Long key, ValueState<ItemState> state) -> send(key, state.value()));
        this.<Long>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        sessionDescriptor,
                        (Long key, ValueState<long[]> state) -> sendSession(key, state.value()));
        this.<Long>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        queryDescriptor,
                        (Long key, ValueState<Neighbours> state) -> sendQuery(key, state.value()));
        TaskInfo task = getRuntimeContext().getTaskInfo();
        output.collect(new StreamRecord<>(
                ItemUpdate.complete(task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks())));
    }

    private void send(Long itemKey, ItemState item) {
        if (item.entry == null) {
            return;
        }
        update.kind = ItemUpdate.Kind.ITEM;
        update.itemKey = itemKey;
        update.item = item;
        send();
        sent.inc();
    }

    private void session(long sessionKey, long[] items) throws Exception {
        if (items.length == 0) {
            sessions.clear();
        } else {
            sessions.update(items);
        }
        sendSession(sessionKey, items);
    }

    private void sendSession(Long sessionKey, long @Nullable [] items) {
        if (items == null) {
            return;
        }
        update.kind = ItemUpdate.Kind.SESSION;
        update.sessionKey = sessionKey;
        update.sessionItems = items;
        send();
    }

    private void sendQuery(Long queryKey, @Nullable Neighbours taken) {
        if (taken == null) {
            return;
        }
        update.kind = ItemUpdate.Kind.QUERY;
        update.queryKey = queryKey;
        update.queryItems = taken;
        send();
    }

    /** The record takes the update anew each time: what is chained to this stage puts a value of its own into it. */
    private void send() {
        output.collect(updateRecord.replace(update));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        items.flush();
        queries.flush();
    }

    @Override
    public void finish() throws Exception {
        publish();
        super.finish();
    }

    /** The type of what it emits. */
    public static TypeInformation<ItemUpdate> type() {
        return new RecordTypeInformation<>(ItemUpdate.class, new ItemUpdateSerializer());
    }
}
