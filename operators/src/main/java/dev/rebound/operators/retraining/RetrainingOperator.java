package dev.rebound.operators.retraining;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import java.io.IOException;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers examples into slices and has the LIVE version trained further on each. First input: examples, by user; second:
 * releases. One task, since a slice is one.
 *
 * <p>A slice is trained on once a completed checkpoint holds that it is closed: whatever fails later, the same slice is
 * found again, and with it the package that was made from it. Its release leaves in the transaction of the checkpoint in
 * which the slice is done. The training runs beside the task, which goes on gathering.
 *
 * <p>Examples are kept by user, so that an erasure finds them, each as it lies on its topic: some 500 bytes, for the
 * slice that is gathered, the closed ones and those to replay. Older ones go.
 */
public final class RetrainingOperator extends AbstractStreamOperator<OutputRecord>
        implements TwoInputStreamOperator<ExampleSignal, ModelRelease, OutputRecord>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RetrainingOperator.class);
    private static final long TICK_MILLIS = 1000;
    private static final long KILL_PATIENCE_SECONDS = 20;
    private static final int MOST_CLOSED = 2;

    private final RetrainingSettings settings;
    private final TrainerProcess process;

    /** By slice, list and item: {@code 12/recommendation/item}. */
    private transient MapStateDescriptor<String, byte[]> descriptor;

    private transient MapState<String, byte[]> examples;
    private transient ListState<SliceProgress> progressState;
    private transient ListState<byte[]> releaseState;

    private transient SliceProgress progress;
    private transient ReleasePlan releases;
    private transient RecordCodec<ModelRelease> releaseCodec;
    private transient RetrainingNews news;
    private transient ExecutorService trainer;
    private transient @Nullable CompletableFuture<Retraining.Result> running;
    private transient long startedNanos;
    /** Last closed slice of each checkpoint that is not complete yet. */
    private transient NavigableMap<Long, Long> closedAtCheckpoint;
    /** Last closed slice of a complete one. */
    private transient long durableSlice;

    private transient String lastList;

    private transient Counter read;
    private transient Counter skipped;
    private transient Counter slicesClosed;
    private transient Counter slicesTrained;
    private transient Counter published;
    private transient Counter notBetter;
    private transient Counter failed;
    private transient double trainingSeconds;

    public RetrainingOperator(RetrainingSettings settings, TrainerProcess process) {
        this.settings = settings;
        this.process = process;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        progressState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("progress", new SliceProgressSerializer()));
        releaseState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("releases", BytePrimitiveArraySerializer.INSTANCE));
        progress = new SliceProgress();
        for (SliceProgress restored : progressState.get()) {
            progress = restored;
        }
        releaseCodec = RecordCodec.of(ModelRelease.class);
        releases = new ReleasePlan();
        for (byte[] release : releaseState.get()) {
            releases.add(releaseCodec.decode(release, null));
        }
        // What was restored is in a complete checkpoint.
        durableSlice = progress.current - 1;
        closedAtCheckpoint = new TreeMap<>();
    }

    @Override
    public void open() throws Exception {
        super.open();
        descriptor =
                new MapStateDescriptor<>("examples", StringSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);
        examples = getRuntimeContext().getMapState(descriptor);
        news = new RetrainingNews(settings);
        lastList = "";
        trainer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "model-trainer");
            thread.setDaemon(true);
            return thread;
        });
        registerMetrics();
        tickLater();
    }

    private void registerMetrics() {
        MetricGroup metrics = getMetricGroup().addGroup("rebound");
        read = metrics.counter("examples_read_total");
        skipped = metrics.counter("examples_skipped_total");
        slicesClosed = metrics.counter("slices_closed_total");
        slicesTrained = metrics.counter("slices_trained_total");
        published = metrics.counter("models_published_total");
        notBetter = metrics.counter("models_not_better_total");
        failed = metrics.counter("trainings_failed_total");
        metrics.gauge("training_seconds", () -> trainingSeconds);
        metrics.gauge("slice_examples", () -> progress.collected);
    }

    private void tickLater() {
        ScheduledFuture<?> unused = getProcessingTimeService().registerTimer(now() + TICK_MILLIS, this);
    }

    @Override
    public void processElement1(StreamRecord<ExampleSignal> element) throws Exception {
        ExampleSignal example = element.getValue();
        if (example.value == null) {
            examples.clear();
            return;
        }
        if (!example.labelled || example.width != DenseFeature.WIDTH) {
            skipped.inc();
            return;
        }
        if (progress.collected >= settings.sliceExamples() && !example.recommendationId.equals(lastList)) {
            closeSlice();
            setKeyContextElement1(element);
        }
        if (progress.collected == 0) {
            progress.openedMillis = now();
        }
        examples.put(progress.current + "/" + example.recommendationId + "/" + example.itemId, example.value);
        progress.collected++;
        lastList = example.recommendationId;
        read.inc();
    }

    @Override
    public void processElement2(StreamRecord<ModelRelease> element) {
        ModelRelease release = element.getValue();
        if (release.getModel().equals(settings.model())) {
            releases.add(release);
        }
    }

    private void closeSlice() throws Exception {
        progress.close(now(), running != null);
        slicesClosed.inc();
        LOG.info("Slice {} of training examples is closed", progress.current - 1);
        forgetBefore(progress.current - MOST_CLOSED - settings.replaySlices());
    }

    private void forgetBefore(long slice) throws Exception {
        this.<String>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        descriptor,
                        (String userId, MapState<String, byte[]> ofUser) -> {
                            for (Iterator<String> keys = ofUser.keys().iterator(); keys.hasNext(); ) {
                                if (slice(keys.next()) < slice) {
                                    keys.remove();
                                }
                            }
                        });
    }

    private static long slice(String key) {
        return Long.parseLong(key, 0, key.indexOf('/'), 10);
    }

    @Override
    public void onProcessingTime(long timestamp) throws Exception {
        boolean old = now() - progress.openedMillis >= settings.interval().toMillis();
        if (progress.collected >= settings.leastExamples() && old) {
            closeSlice();
        }
        if (running != null && running.isDone()) {
            end(running);
            running = null;
            progress.closed.remove(0);
        }
        ModelRelease live = releases.answering().orElse(null);
        if (running == null && live != null && isDurable()) {
            running = begin(live, progress.closed.get(0));
        }
        tickLater();
    }

    private boolean isDurable() {
        return !progress.closed.isEmpty() && progress.closed.get(0).slice() <= durableSlice;
    }

    private CompletableFuture<Retraining.Result> begin(ModelRelease live, SliceProgress.Closed slice) throws Exception {
        LOG.info("Training {} {} further on slice {}", live.getModel(), live.getVersion(), slice.slice());
        startedNanos = System.nanoTime();
        Retraining retraining = new Retraining(settings.workFolder());
        long oldest = slice.slice() - settings.replaySlices();
        this.<String>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        descriptor,
                        (String userId, MapState<String, byte[]> ofUser) -> {
                            for (var example : ofUser.entries()) {
                                long of = slice(example.getKey());
                                if (of >= oldest && of <= slice.slice()) {
                                    retraining.add(of, example.getKey(), example.getValue());
                                }
                            }
                        });
        return CompletableFuture.supplyAsync(() -> train(retraining, live, slice), trainer);
    }

    private Retraining.Result train(Retraining retraining, ModelRelease live, SliceProgress.Closed slice) {
        try (retraining) {
            return retraining.train(live, slice, settings, process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private void end(CompletableFuture<Retraining.Result> training) {
        trainingSeconds = (System.nanoTime() - startedNanos) / 1e9;
        SliceProgress.Closed slice = progress.closed.get(0);
        try {
            Retraining.Result result = training.join();
            slicesTrained.inc();
            tell(result, slice);
        } catch (CompletionException e) {
            failed.inc();
            LOG.error("Training on slice {} failed", slice.slice(), e.getCause());
            tell(
                    AlertSeverity.WARNING,
                    "TRAINING_FAILED",
                    "Training on slice " + slice.slice()
                            + " failed and is given up; the LIVE version serves on, and the"
                            + " examples are replayed with the next slice: " + e.getCause());
        }
    }

    private void tell(Retraining.Result result, SliceProgress.Closed slice) {
        SliceReport report = result.report();
        String figures = report.summary(result.live().getVersion());
        if (report.better()) {
            published.inc();
            news.released(result, slice, releases.releases())
                    .forEach(record -> output.collect(new StreamRecord<>(record)));
            tell(
                    AlertSeverity.INFO,
                    "MODEL_TRAINED",
                    settings.model() + "/" + result.version() + " is better than the LIVE version and begins as "
                            + (settings.asCanary() ? "CANARY" : "SHADOW") + ": " + figures);
        } else if (report.comparison() != null) {
            notBetter.inc();
            tell(
                    AlertSeverity.INFO,
                    "MODEL_NOT_BETTER",
                    "What was trained on slice " + slice.slice() + " is not published, since it is not surely better: "
                            + figures);
        } else {
            tell(
                    AlertSeverity.INFO,
                    "TOO_FEW_EXAMPLES",
                    "Nothing was trained on slice " + slice.slice() + ": " + figures);
        }
    }

    private void tell(AlertSeverity severity, String reason, String message) {
        LOG.info("{}", message);
        output.collect(new StreamRecord<>(news.alert(severity, reason, message, now())));
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        progressState.clear();
        progressState.add(progress);
        releaseState.clear();
        for (ModelRelease release : releases.releases()) {
            releaseState.add(releaseCodec.encode(release));
        }
        closedAtCheckpoint.put(context.getCheckpointId(), progress.current - 1);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        var complete = closedAtCheckpoint.headMap(checkpointId, true);
        if (!complete.isEmpty()) {
            durableSlice = Math.max(durableSlice, complete.lastEntry().getValue());
            complete.clear();
        }
    }

    @Override
    public void close() throws Exception {
        if (trainer != null) {
            trainer.shutdownNow();
            if (!trainer.awaitTermination(KILL_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("The trainer did not end within " + KILL_PATIENCE_SECONDS + " s of its kill");
            }
        }
        super.close();
    }
}
