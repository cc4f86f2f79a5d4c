package dev.rebound.deploy.ops.bench;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.FeedEncoder;
import dev.rebound.deploy.ops.events.FeedRecord;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import dev.rebound.deploy.ops.model.ModelReleases;
import dev.rebound.deploy.ops.replay.FeedSender;
import dev.rebound.deploy.ops.topics.GroupProgress;
import dev.rebound.deploy.ops.topics.TopicReader;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Runs one job after the other over the same events: at full speed over what is there, measured once half of it has
 * warmed the job up, then at half of that speed.
 */
final class PipelineBench {
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final int LATENCY_SECONDS = 20;
    private static final long WARM_UP_MILLIS = 6_000;

    private final LocalStack stack;
    private final String runPrefix;
    private final EventSource source;
    private final Path registry;
    private final String modelVersion;
    private final CommandOutput output;
    private final RecommendationJobs jobs;

    PipelineBench(
            LocalStack stack,
            String runPrefix,
            EventSource source,
            Path registry,
            String modelVersion,
            CommandOutput output) {
        this.stack = stack;
        this.runPrefix = runPrefix;
        this.source = source;
        this.registry = registry;
        this.modelVersion = modelVersion;
        this.output = output;
        this.jobs = new RecommendationJobs(stack);
    }

    Figures measure(Contender contender) {
        BenchTopics full = topics(contender, "full.");
        output.progress(contender + ": loading " + source.eventCount() + " events");
        send(full, Long.MAX_VALUE, 0);
        String jobId = submit(contender, full);
        awaitCommitted(jobId, full);
        jobs.cancel(jobId);
        BenchTopics.Throughput warm = full.afterWarmUp();
        double eventsPerSecond = warm.events() / warm.seconds();
        output.progress(String.format("%s: %,.0f events/s at full speed", contender, eventsPerSecond));

        double rate = eventsPerSecond / 2;
        Histogram latencies = latencies(contender, rate);
        double usersPerSecond = contender == Contender.PASS_THROUGH ? 0 : warm.outputs() / warm.seconds();
        return new Figures(
                warm.events(),
                warm.outputs(),
                warm.seconds(),
                eventsPerSecond,
                usersPerSecond,
                rate,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99));
    }

    private Histogram latencies(Contender contender, double rate) {
        BenchTopics topics = topics(contender, "half.");
        String jobId = submit(contender, topics);
        output.progress(String.format("%s: %d s at %,.0f events/s", contender, LATENCY_SECONDS, rate));
        send(topics, (long) (rate * LATENCY_SECONDS), rate);
        awaitCommitted(jobId, topics);
        jobs.cancel(jobId);
        return topics.latencies(WARM_UP_MILLIS);
    }

    private BenchTopics topics(Contender contender, String phase) {
        BenchTopics topics = BenchTopics.create(stack.bootstrapServers(), runPrefix + contender.topicPart() + phase);
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), topics.prefix());
                Stream<CatalogItem> catalog = source.catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        new ModelReleases(stack.bootstrapServers(), topics.prefix())
                .publish(registry, PipelineCommand.MODEL, modelVersion, "benchmark");
        return topics;
    }

    private void send(BenchTopics topics, long mostEvents, double rate) {
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), topics.prefix());
                Stream<FeedRecord> feed = source.feed()) {
            Stream<FeedRecord> events = feed.filter(record -> record.topic() == Topic.BEHAVIOUR_EVENTS);
            sender.send(events.limit(mostEvents).iterator(), rate, sent -> {});
        }
    }

    private String submit(Contender contender, BenchTopics topics) {
        return jobs.submit(
                contender.mainClass(),
                null,
                Map.of(
                        "kafka.bootstrap-servers", stack.bootstrapServers(),
                        "kafka.topic-prefix", topics.prefix(),
                        "kafka.group-id", topics.groupId()));
    }

    /** Until a checkpoint holds that all was consumed, and another one shows that its outputs are committed. */
    private void awaitCommitted(String jobId, BenchTopics topics) {
        String events = Topic.BEHAVIOUR_EVENTS.topicName(topics.prefix());
        try (GroupProgress group = new GroupProgress(stack.bootstrapServers(), topics.groupId());
                TopicReader inputs = new TopicReader(stack.bootstrapServers(), List.of(events))) {
            Map<TopicPartition, Long> ends = inputs.ends();
            boolean consumed = until(() -> group.lag(ends) == 0);
            long checkpoints = checkpoints(jobId);
            if (!consumed || !until(() -> checkpoints(jobId) > checkpoints)) {
                throw new CommandFailedException("The job has not consumed " + events + " within " + LONGEST.toMinutes()
                        + " min; use fewer events, or look into the job's log");
            }
        }
    }

    private long checkpoints(String jobId) {
        return stack.rest().checkpoints(jobId).counts().completed();
    }

    private static boolean until(CheckedSupplier<Boolean> condition) {
        RetryPolicy<Boolean> policy = RetryPolicy.<Boolean>builder()
                .handleResult(false)
                .abortOn(Throwable.class)
                .withDelay(Duration.ofSeconds(2))
                .withMaxDuration(LONGEST)
                .withMaxRetries(-1)
                .build();
        return Failsafe.with(policy).get(condition);
    }
}
