package dev.rebound.operators.campaigns;

import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.serialization.WriteBehindState;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keeps each campaign with what its budget has spent, and sends changed ones on to be broadcast. Keyed by campaign. As
 * with items, campaigns live here alone, and after a start or restore each subtask first sends all that it holds, then
 * that it is complete. A scope is sent when the shop changes it, not with each redemption.
 */
public final class CampaignFeatureOperator extends AbstractStreamOperator<CampaignUpdate>
        implements OneInputStreamOperator<CampaignSignal, CampaignUpdate>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final int CAMPAIGNS_IN_MEMORY = 4096;

    private final Duration interval;

    private transient ValueStateDescriptor<CampaignState> descriptor;
    private transient WriteBehindState<Long, CampaignState> campaigns;
    private transient CampaignUpdate update;
    private transient StreamRecord<CampaignUpdate> updateRecord;
    private transient boolean complete;

    /** @param interval how long redemptions of a campaign are gathered before they are sent */
    public CampaignFeatureOperator(Duration interval) {
        this.interval = interval;
    }

    @Override
    public void open() throws Exception {
        super.open();
        descriptor = new ValueStateDescriptor<>("campaign", new CampaignStateSerializer());
        campaigns = new WriteBehindState<>(
                this.<Long>getKeyedStateBackend(),
                getPartitionedState(descriptor),
                CampaignState::new,
                (key, campaign) -> send(key, campaign, false),
                CAMPAIGNS_IN_MEMORY);
        update = new CampaignUpdate();
        updateRecord = new StreamRecord<>(update);
        // Nothing may be emitted in open(): while channels recover it could wait for buffers for ever.
        scheduleIn(0);
    }

    @Override
    public void processElement(StreamRecord<CampaignSignal> element) throws Exception {
        CampaignSignal signal = element.getValue();
        if (signal.kind == CampaignSignal.Kind.ENDED) {
            campaigns.clear(signal.campaignKey);
            send(signal.campaignKey, new CampaignState(), true);
            return;
        }
        CampaignState campaign = campaigns.current(signal.campaignKey);
        campaign.apply(signal);
        if (signal.kind == CampaignSignal.Kind.DEFINED) {
            send(signal.campaignKey, campaign, true);
        }
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
        campaigns.flush();
        if (!complete) {
            this.<Long>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            descriptor,
                            (Long key, ValueState<CampaignState> state) -> send(key, state.value(), true));
            TaskInfo task = getRuntimeContext().getTaskInfo();
            output.collect(new StreamRecord<>(
                    CampaignUpdate.complete(task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks())));
            complete = true;
        }
    }

    /** @param inFull whether the entry goes along; without one, the campaign is over */
    private void send(long campaignKey, CampaignState campaign, boolean inFull) {
        update.kind = inFull ? CampaignUpdate.Kind.CAMPAIGN : CampaignUpdate.Kind.SPENDING;
        update.campaignKey = campaignKey;
        update.entry = inFull ? campaign.entry : null;
        update.spent = campaign.isSpent();
        send();
    }

    /** The record takes the update anew each time: what is chained to this stage puts a value of its own into it. */
    private void send() {
        output.collect(updateRecord.replace(update));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        campaigns.flush();
    }

    @Override
    public void finish() throws Exception {
        publish();
        super.finish();
    }

    /** The type of what it emits. */
    public static TypeInformation<CampaignUpdate> type() {
        return new RecordTypeInformation<>(CampaignUpdate.class, new CampaignUpdateSerializer());
    }
}
