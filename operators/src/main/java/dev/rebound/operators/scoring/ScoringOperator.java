package dev.rebound.operators.scoring;

import dev.rebound.operators.features.SideUpdate;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.CampaignRanking;
import dev.rebound.operators.retrieval.CampaignTable;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import java.util.ArrayList;
import java.util.BitSet;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers users into batches, retrieves their candidates, scores those of each model version in one forward pass and
 * emits what is shown. First input: scoring tasks, in the order of each user. Second input, broadcast: items, campaigns
 * and model releases.
 *
 * <p>A batch is flushed before each checkpoint barrier, so that a checkpoint never holds half of one. Until the item
 * stage has sent all of its items after a start, tasks wait, and requests for campaigns until the campaign stage has sent
 * all of its own; those that wait at a barrier are kept in its checkpoint.
 */
public final class ScoringOperator extends AbstractStreamOperator<OutputRecord>
        implements TwoInputStreamOperator<ScoringTask, SideUpdate, OutputRecord>, ActiveReleases.Listener {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ScoringOperator.class);

    /** Beyond so many, tasks are scored with the items that there are. */
    private static final int MOST_WAITING = 20_000;

    /** Sessions in which neighbours are looked for: 35 MiB. */
    private static final int SESSIONS = 200_000;

    /** How often a job without traffic looks whether a version has been loaded. */
    private static final long SWAP_MILLIS = 200;

    /** How often it is told what was seen of the versions. */
    private static final long HEALTH_MILLIS = 2_000;

    private final ModelOpener opener;
    private final ScoringSettings settings;

    private transient ItemTable table;
    private transient PopularItems popular;
    private transient SessionIndex sessions;
    private transient int[] sessionSlots;
    private transient CampaignTable campaigns;
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
    private transient List<ScoringTask> waiting;
    private transient BitSet completeSubtasks;
    private transient BitSet completeCampaignSubtasks;
    private transient boolean itemsComplete;
    private transient boolean campaignsComplete;
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
        waiting = new ArrayList<>();
        for (ScoringTask task : waitingState.get()) {
            waiting.add(task);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        table = new ItemTable();
        popular = new PopularItems();
        sessions = new SessionIndex(SESSIONS);
        sessionSlots = new int[SessionIndex.SESSION_LENGTH];
        campaigns = new CampaignTable();
        campaignRanking = new CampaignRanking(table, campaigns, settings.exposureFloor());
        outputs = new ScoringOutputs(table, settings, output);
        alerts = new ModelAlerts(output);
        releaseCodec = RecordCodec.of(ModelRelease.class);
        completeSubtasks = new BitSet();
        completeCampaignSubtasks = new BitSet();
        active = new ActiveReleases(opener, settings.batchSize(), settings.candidates(), this);
        ShadowScoring shadow = new ShadowScoring(newBatch(), settings.shadowCost());
        ladder = new OverloadLadder(settings.mostWait(), settings.replayAge());
        UnscoredLists unscored = new UnscoredLists(
                table, popular, outputs, settings.policy().rules().pinnedItemKeys(), settings.candidates());
        counts = new ScoringMetrics(getMetricGroup().addGroup("rebound"), active, outputs, shadow, ladder, unscored);
        scoring =
                new VersionedScoring(active, outputs, alerts, counts, shadow, ladder, unscored, newBatch(), newBatch());
        restoreReleases();
        tellHealthLater();
    }

    /** Each has tables of its own for the rows that the items have in the version that it is scored by. */
    private ScoringBatch newBatch() {
        ScoringBatch batch = new ScoringBatch(table, popular, sessions, settings.batchSize(), settings.candidates());
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
    public void dropped(ServingVersion version) {
        tellHealth(version);
    }

    @Override
    public void processElement1(StreamRecord<ScoringTask> element) throws Exception {
        ScoringTask task = element.getValue();
        if (isReadyFor(task)) {
            process(task);
            return;
        }
        waiting.add(task);
        if (waiting.size() >= MOST_WAITING) {
            LOG.warn("{} tasks wait for items; scoring with the {} items that are here", waiting.size(), table.size());
            everythingIsComplete();
        }
    }

    private boolean isReadyFor(ScoringTask task) {
        return itemsComplete && (campaignsComplete || task.scenario != Scenario.CAMPAIGN);
    }

    private void process(ScoringTask task) throws Exception {
        switch (task.trigger) {
            case PROFILE -> outputs.profile(task, now());
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
            popular.refresh(table, System.nanoTime());
            scoring.score(now());
        }
        passWatermark();
    }

    private void passWatermark() throws Exception {
        if (heldBack != null && itemsComplete && scoring.isEmpty()) {
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
    public void processElement2(StreamRecord<SideUpdate> element) throws Exception {
        SideUpdate update = element.getValue();
        switch (update.kind) {
            case ITEM -> table.update(update.itemKey, Preconditions.checkNotNull(update.item));
            case COMPLETE -> {
                completeSubtasks.set(update.subtask);
                if (completeSubtasks.cardinality() == update.subtasks) {
                    itemsComplete = true;
                    processWaiting();
                }
            }
            case CAMPAIGN -> campaigns.update(update.itemKey, update.campaign, update.spent);
            case CAMPAIGN_SPENDING -> campaigns.spending(update.itemKey, update.spent);
            case CAMPAIGNS_COMPLETE -> {
                completeCampaignSubtasks.set(update.subtask);
                if (completeCampaignSubtasks.cardinality() == update.subtasks) {
                    campaignsComplete = true;
                    processWaiting();
                }
            }
            case SESSION -> session(update.sessionKey, Preconditions.checkNotNull(update.sessionItems));
            case QUERY -> table.updateQuery(update.queryKey, Preconditions.checkNotNull(update.queryItems));
            case RELEASE -> release(Preconditions.checkNotNull(update.release));
        }
    }

    private void session(long sessionKey, long[] itemKeys) {
        for (int i = 0; i < itemKeys.length; i++) {
            sessionSlots[i] = table.slotOrNew(itemKeys[i]);
        }
        sessions.put(sessionKey, sessionSlots, itemKeys.length);
    }

    private void everythingIsComplete() throws Exception {
        itemsComplete = true;
        campaignsComplete = true;
        processWaiting();
    }

    private void processWaiting() throws Exception {
        List<ScoringTask> tasks = waiting;
        waiting = new ArrayList<>();
        for (ScoringTask task : tasks) {
            if (isReadyFor(task)) {
                process(task);
            } else {
                waiting.add(task);
            }
        }
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
        waitingState.update(waiting);
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
        everythingIsComplete();
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
