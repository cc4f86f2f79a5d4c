package dev.rebound.deploy.lab.demo;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.replay.SentCounts;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.schemas.CatalogItem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;

/** One run from an empty set of topics to a verdict, on a stack that is up. */
public final class Demo {
    private static final String MODEL = "ranker";
    private static final int SLOTS_NEEDED = 4;
    private static final int SCORING_TASKS = 2;
    private static final int USERS_SHOWN = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalStack stack;
    private final Progress output;
    private final DemoRun run;
    private final RecommendationJobs jobs;

    public Demo(LocalStack stack, Progress output) {
        this.stack = stack;
        this.output = output;
        this.run = DemoRun.next(stack.kafka());
        this.jobs = new RecommendationJobs(stack);
    }

    DemoRun run() {
        return run;
    }

    /** Of the topics of this run alone. */
    public String topicPrefix() {
        return run.prefix();
    }

    public void createTopics() {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(run.prefix()));
        output.progress("topics " + run.prefix() + "* are ready");
    }

    /** Sends the catalog as it is before the first event. */
    public void publishCatalog(EventSource source) {
        try (FeedSender sender = sender();
                Stream<CatalogItem> catalog = source.catalog()) {
            SentCounts sent = sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, items -> {});
            output.progress("catalog of " + sent.catalogChanges() + " items published");
        }
    }

    /** Trains on history and makes the model live. */
    public void trainAndPublish(EventSource history, long mostEvents, long seed) {
        Path registry = stack.files().registry();
        new ModelTraining(seed, output).train(history, mostEvents, registry, MODEL, run.version());
        new ModelReleases(stack.kafka(), run.prefix(), stack.epoch())
                .publish(registry, MODEL, run.version(), "first model of the demo");
        output.progress("model " + MODEL + "/" + run.version() + " is live");
    }

    /** @return the job id */
    public String submit() {
        FlinkRest.Overview flink = stack.rest().overview();
        if (flink.slotsAvailable() < SLOTS_NEEDED) {
            throw new CommandFailedException("Flink has " + flink.slotsAvailable() + " free slots, the job needs "
                    + SLOTS_NEEDED + ". End an earlier job with: rebound job list, rebound job stop ID");
        }
        Map<String, String> options = new LinkedHashMap<>();
        options.put("kafka.bootstrap-servers", stack.kafka().bootstrapServers());
        options.put("kafka.topic-prefix", run.prefix());
        options.put("kafka.group-id", run.groupId());
        String jobId = jobs.submit(null, null, options);
        output.progress("job " + jobId + " runs; see " + stack.flinkRest());
        awaitModel(jobId);
        return jobId;
    }

    /** The first events would be ordered by retrieval alone while the model is still being checked. */
    private void awaitModel(String jobId) {
        boolean serves = Patience.withFlink(PATIENCE, Duration.ofMillis(500))
                .until(() -> stack.rest().metricSum(jobId, "rebound.models_serving") >= SCORING_TASKS);
        output.progress(serves ? "the model serves" : "THE MODEL DOES NOT SERVE YET; see the topic alerts");
    }

    /** Sends all events and requests while telling what the job makes of them. */
    public void replay(EventSource source, double rate, String jobId) {
        try (FeedSender sender = sender();
                LiveProgress progress = new LiveProgress(stack.rest(), jobId, output);
                Stream<FeedRecord> feed = source.feed()) {
            SentCounts sent = sender.send(feed.iterator(), rate, progress::sent);
            output.progress(String.format(
                    "sent %,d events and %,d requests in %.1f s",
                    sent.events(), sent.requests(), sent.took().toMillis() / 1000.0));
        }
    }

    public TopicReconciler.Verdict reconcile(String jobId) {
        try (LiveProgress progress = new LiveProgress(stack.rest(), jobId, output);
                TopicReconciler reconciler = new TopicReconciler(
                        stack.kafka(), run.prefix(), run.groupId(), stack.rest(), jobId, PATIENCE, output)) {
            return reconciler.reconcile();
        }
    }

    public void showRecommendations() {
        new Showcase(stack.kafka(), run.prefix()).tell(USERS_SHOWN, output::progress);
    }

    public void cancel(String jobId) {
        jobs.cancel(jobId);
    }

    private FeedSender sender() {
        return new FeedSender(stack.kafka(), run.prefix());
    }
}
