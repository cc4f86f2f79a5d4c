package dev.rebound.operators.features;

import dev.rebound.operators.serialization.RecordTypeInformation;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keeps each item's catalog entry, counters and neighbours, and sends changed items on to be broadcast. Keyed by item.
 *
 * <p>Items live here, once and incrementally checkpointed; the scoring tasks that receive them keep no state. So that
 * they have every item after a start or restore, each subtask first sends all that it holds, then that it is complete.
 */
public final class ItemFeatureOperator extends AbstractStreamOperator<SideUpdate>
        implements OneInputStreamOperator<ItemSignal, SideUpdate>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final int ITEMS_IN_MEMORY = 16_384;

    private final Duration interval;

    private transient ValueStateDescriptor<ItemState> descriptor;
    private transient WriteBehindState<Long, ItemState> items;
    private transient SideUpdate update;
    private transient StreamRecord<SideUpdate> updateRecord;
    private transient boolean complete;
    private transient Counter sent;

    /** @param interval how long changes of an item are gathered before they are sent */
    public ItemFeatureOperator(Duration interval) {
        this.interval = interval;
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
        update = new SideUpdate();
        updateRecord = new StreamRecord<>(update);
        sent = getMetricGroup().addGroup("rebound").counter("item_updates_total");
        // Nothing may be emitted in open(): while channels recover it could wait for buffers for ever.
        scheduleIn(0);
    }

    @Override
    public void processElement(StreamRecord<ItemSignal> element) throws Exception {
        ItemSignal signal = element.getValue();
        ItemFeatures.apply(items.current(signal.itemKey), signal);
    }

    @Override
    public void onProcessingTime(long timestamp) throws Exception {
        publish();
        scheduleIn(interval.toMillis());
    }

    private void scheduleIn(long millis) {
        long at = getProcessingTimeService().getCurrentProcessingTime() + millis;
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(at, this);
    }

    private void publish() throws Exception {
        items.flush();
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
        SideUpdate end = new SideUpdate();
        end.kind = SideUpdate.Kind.COMPLETE;
        end.subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        end.subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        output.collect(new StreamRecord<>(end));
    }

    private void send(Long itemKey, ItemState item) {
        if (item.entry == null) {
            return;
        }
        update.kind = SideUpdate.Kind.ITEM;
        update.itemKey = itemKey;
        update.item = item;
        output.collect(updateRecord);
        sent.inc();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        items.flush();
    }

    @Override
    public void finish() throws Exception {
        publish();
        super.finish();
    }

    /** The type of what it emits. */
    public static TypeInformation<SideUpdate> type() {
        return new RecordTypeInformation<>(SideUpdate.class, new SideUpdateSerializer());
    }
}
