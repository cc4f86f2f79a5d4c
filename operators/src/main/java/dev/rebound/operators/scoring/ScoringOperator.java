package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.CampaignRanking;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.ScoringTaskSerializer;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.annotation.VisibleForTesting;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Gathers users into batches, retrieves their candidates, scores those of each model version in one forward pass and
 * emits what is shown. First input: scoring tasks, in the order of each user. Second input, broadcast: items, campaigns
 * and model releases.
 *
 * <p>A batch is flushed before each checkpoint barrier, so that a checkpoint never holds half of one. Until the item
 * stage has sent all of its items after a start, tasks wait, and requests for campaigns until the campaign stage has sent
 * all of its own; a user's tasks keep their order. See {@link WaitingTasks}.
 */
public final class ScoringOperator extends AbstractStreamOperator<OutputRecord>
        implements TwoInputStreamOperator<ScoringTask, SideInput, OutputRecord>, ActiveReleases.Listener {
    private static final long serialVersionUID = 1L;

    /** How often a job without traffic looks whether a version has been loaded. */
    private static final long SWAP_MILLIS = 200;

    /** How often it is told what was seen of the versions. */
    private static final long HEALTH_MILLIS = 2_000;

    private final ModelOpener opener;
    private final ScoringSettings settings;

    private transient SideTables tables;
    private transient CampaignRanking campaignRanking;
    private transient ScoringOutputs outputs;
    private transient ModelAlerts alerts;
    private transient ActiveReleases active;
    private transient OverloadLadder ladder;
    private transient VersionedScoring scoring;
    private transient ScoringMetrics counts;
    private transient ListState<ScoringTask> waitingState;
    private transient BroadcastState<Integer, byte[]> releases;
    private transient RecordCodec<ModelRelease> releaseCodec;
    /** Of a checkpoint of older jobs, which kept no order; gone before the others begin. */
    private transient List<ScoringTask> waitingBefore;

    private transient WaitingTasks waiting;
    private transient boolean timerPending;
    /** Waits for the batch, and for the items. */
    private transient @Nullable Watermark heldBack;

    public ScoringOperator(ModelOpener opener, ScoringSettings settings) {
        this.opener = opener;
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        waitingState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("waiting-tasks", new ScoringTaskSerializer()));
        releases = context.getOperatorStateStore()
                .getBroadcastState(new MapStateDescriptor<>(
                        "releases", IntSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE));
        waitingBefore = new ArrayList<>();
        for (ScoringTask task : waitingState.get()) {
            waitingBefore.add(task);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        waiting = new WaitingTasks(getKeyedStateBackend());
        tables = new SideTables();
        campaignRanking = new CampaignRanking(tables.items, tables.campaigns, settings.exposureFloor());
        outputs = new ScoringOutputs(tables.items, settings, output);
        alerts = new ModelAlerts(output);
        releaseCodec = RecordCodec.of(ModelRelease.class);
        active = new ActiveReleases(opener, settings.batchSize(), settings.candidates(), this);
        ShadowScoring shadow = new ShadowScoring(newBatch(), settings.shadowCost());
        ladder = new OverloadLadder(settings.mostWait(), settings.replayAge());
        UnscoredLists unscored = new UnscoredLists(
                tables.items,
                tables.popular,
                outputs,
                settings.policy().rules().pinnedItemKeys(),
                settings.candidates());
        counts = new ScoringMetrics(getMetricGroup().addGroup("rebound"), active, outputs, shadow, ladder, unscored);
        scoring =
                new VersionedScoring(active, outputs, alerts, counts, shadow, ladder, unscored, newBatch(), newBatch());
        restoreReleases();
        tellHealthLater();
    }

    /** Each has tables of its own for the rows that the items have in the version that it is scored by. */
    private ScoringBatch newBatch() {
        ScoringBatch batch = new ScoringBatch(
                tables.items, tables.popular, tables.sessions, settings.batchSize(), settings.candidates());
        batch.pin(settings.policy().rules().pinnedItemKeys());
        return batch;
    }

    /** The versions that scored when the checkpoint was taken score again from the first record on. */
    private void restoreReleases() throws Exception {
        List<ModelRelease> known = new ArrayList<>();
        for (int i = 0; releases.contains(i); i++) {
            known.add(releaseCodec.decode(releases.get(i), null));
        }
        active.restore(known);
        if (active.isLoading()) {
            swapLater();
        }
    }

    private void swapLater() {
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(now() + SWAP_MILLIS, this::swap);
    }

    private void swap(long timestamp) {
        active.swap();
        if (active.isLoading()) {
            swapLater();
        }
    }

    private void tellHealthLater() {
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(now() + HEALTH_MILLIS, ignored -> {
            tellHealth();
            ladder.idle(now());
            tellHealthLater();
        });
    }

    private void tellHealth() {
        active.versions().forEach(this::tellHealth);
    }

    private void tellHealth(ServingVersion version) {
        int stage = active.released(version).getStage().ordinal();
        version.meter().take(stage, now()).ifPresent(outputs::health);
    }

    @Override
    public void refused(ModelRelease release, Throwable cause) {
        // Not at once: nothing may be sent while the task is still opened.
        ScheduledFuture<?> unused =
                getProcessingTimeService().registerTimer(now(), ignored -> alerts.refused(release, cause, now()));
    }

    @Override
    public void unavailable(ModelRelease release, Throwable cause) {
        ScheduledFuture<?> unused =
                getProcessingTimeService().registerTimer(now(), ignored -> alerts.unavailable(release, cause, now()));
    }

    @Override
    public void dropped(ServingVersion version) {
        tellHealth(version);
    }

    @Override
    public void processElement1(StreamRecord<ScoringTask> element) throws Exception {
        ScoringTask task = element.getValue();
        if (tables.isReadyFor(task) && !waiting.waitsFor(task)) {
            process(task);
        } else {
            waiting.add(task);
        }
    }

    private void process(ScoringTask task) throws Exception {
        switch (task.kind) {
            case PROFILE -> outputs.profile(task, now());
            case EXPIRY -> outputs.expiry(task, now());
            case ERASURE -> {
                flush();
                outputs.erasure(task, now());
            }
            case EVENT, REQUEST -> {
                if (task.scenario == Scenario.CAMPAIGN) {
                    outputs.campaigns(task, campaignRanking.rank(task, System.nanoTime()), now());
                    counts.campaignRequests.inc();
                    return;
                }
                scoring.add(task);
                if (scoring.isFull()) {
                    flush();
                } else if (!timerPending) {
                    flushAfterDelay();
                }
            }
        }
    }

    private void flushAfterDelay() {
        timerPending = true;
        long at = now() + settings.maxDelay().toMillis();
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(at, this::delayIsOver);
    }

    private void delayIsOver(long timestamp) throws Exception {
        timerPending = false;
        flush();
    }

    private void flush() throws Exception {
        if (!scoring.isEmpty()) {
            active.swap();
            tables.popular.refresh(tables.items, System.nanoTime());
            scoring.score(now());
        }
        passWatermark();
    }

    private void passWatermark() throws Exception {
        if (heldBack != null && tables.hasAllItems() && scoring.isEmpty()) {
            Watermark mark = heldBack;
            heldBack = null;
            processWatermark(mark);
        }
    }

    /** Time passes with the tasks alone, items and releases have none; and never before the lists of the tasks. */
    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        heldBack = mark;
        passWatermark();
    }

    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) throws Exception {
        if (input == 0) {
            processWatermarkStatus(status);
        }
    }

    @Override
    public void processElement2(StreamRecord<SideInput> element) throws Exception {
        SideInput input = element.getValue();
        boolean completed = false;
        if (input.item != null) {
            completed = tables.update(input.item);
        } else if (input.campaign != null) {
            completed = tables.update(input.campaign);
        } else {
            release(Preconditions.checkNotNull(input.release));
        }
        if (completed) {
            processWaiting();
        }
    }

    private void waitNoMore() throws Exception {
        tables.giveUp();
        processWaiting();
    }

    private void processWaiting() throws Exception {
        List<ScoringTask> before = waitingBefore;
        waitingBefore = new ArrayList<>();
        for (ScoringTask task : before) {
            if (tables.isReadyFor(task)) {
                process(task);
            } else {
                waitingBefore.add(task);
            }
        }
        waiting.release(tables::isReadyFor, this::process);
        passWatermark();
    }

    private void release(ModelRelease release) {
        // What was seen until now was seen in the stages until now.
        tellHealth();
        active.add(release);
        if (active.isLoading()) {
            swapLater();
        }
    }

    @VisibleForTesting
    void awaitModels() {
        active.awaitLoaded();
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        waitingState.update(waitingBefore);
        releases.clear();
        List<ModelRelease> known = active.releases();
        for (int i = 0; i < known.size(); i++) {
            releases.put(i, releaseCodec.encode(known.get(i)));
        }
    }

    @Override
    public void finish() throws Exception {
        // No timer can be registered any more, and none is needed.
        timerPending = true;
        waitNoMore();
        flush();
        tellHealth();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (active != null) {
            active.close();
        }
        super.close();
    }
}
