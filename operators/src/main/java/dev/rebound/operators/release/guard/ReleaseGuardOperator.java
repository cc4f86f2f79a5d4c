package dev.rebound.operators.release.guard;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Preconditions;

/**
 * The {@link ReleaseGuard} in the dataflow: outcomes, health and releases in; reports, decisions, alerts and the releases
 * that follow from decisions out, for an at-least-once sink that does not wait for the checkpoint. It runs once, since it
 * compares all users of one version with all of another. What comes in is small sums, an outcome a list at most; how many a
 * second it takes is in docs/decisions/model-guard.md.
 *
 * <p>All it knows is one value of operator state: what was decided before a checkpoint is not decided again after it. A
 * failure between a decision and the next checkpoint can repeat it, with the same release, whose time is that of the
 * canary's and not of the decision.
 */
public final class ReleaseGuardOperator extends AbstractStreamOperator<OutputRecord>
        implements OneInputStreamOperator<GuardSignal, OutputRecord>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;

    private final GuardSettings settings;

    private transient ListState<GuardState> kept;
    private transient GuardState state;
    private transient ReleaseGuard guard;
    private transient Map<Topic, RecordCodec<SpecificRecord>> codecs;

    public ReleaseGuardOperator(GuardSettings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        kept = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("guard", new GuardStateSerializer()));
        state = new GuardState();
        for (GuardState restored : kept.get()) {
            state = restored;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        Preconditions.checkState(
                getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks() == 1,
                "The guard compares all users of a version: it runs once");
        codecs = new EnumMap<>(Topic.class);
        guard = new ReleaseGuard(settings, state, this::send);
        lookLater();
    }

    @Override
    public void processElement(StreamRecord<GuardSignal> element) {
        GuardSignal signal = element.getValue();
        if (signal.outcome != null) {
            guard.hear(signal.outcome);
        } else if (signal.health != null) {
            guard.hear(signal.health, now());
        } else {
            guard.hear(Preconditions.checkNotNull(signal.release), now());
        }
    }

    @Override
    public void onProcessingTime(long timestamp) {
        guard.look(now());
        lookLater();
    }

    private void lookLater() {
        ScheduledFuture<?> unused = getProcessingTimeService()
                .registerTimer(now() + settings.reportInterval().toMillis(), this);
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @SuppressWarnings("unchecked") // a topic's record type is the record's class
    private void send(Topic topic, String key, SpecificRecord record, long nowMillis) {
        RecordCodec<SpecificRecord> codec =
                codecs.computeIfAbsent(topic, each -> RecordCodec.of((Class<SpecificRecord>) each.recordType()));
        output.collect(new StreamRecord<>(
                new OutputRecord(topic, key.getBytes(StandardCharsets.UTF_8), codec.encode(record), nowMillis)));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        kept.update(List.of(state));
    }

    @Override
    public void finish() throws Exception {
        guard.look(now());
        super.finish();
    }
}
