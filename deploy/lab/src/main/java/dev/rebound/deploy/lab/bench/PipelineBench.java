package dev.rebound.deploy.lab.bench;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.Progress;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.flink.core.fs.Path;

/**
 * Runs one job after the other over the same events: at full speed over what is there, measured once half of it has
 * warmed the job up, then at half of that speed.
 */
public final class PipelineBench {
    /** Name of the model that is scored with. */
    public static final String MODEL = "ranker";

    private static final int LATENCY_SECONDS = 20;
    private static final long WARM_UP_MILLIS = 6_000;

    private final LocalStack stack;
    private final String runPrefix;
    private final EventSource source;
    private final Path registry;
    private final String modelVersion;
    private final Progress output;

    public PipelineBench(
            LocalStack stack,
            String runPrefix,
            EventSource source,
            Path registry,
            String modelVersion,
            Progress output) {
        this.stack = stack;
        this.runPrefix = runPrefix;
        this.source = source;
        this.registry = registry;
        this.modelVersion = modelVersion;
        this.output = output;
    }

    public Figures measure(Contender contender) {
        BenchTopics full = topics(contender, "full.");
        output.progress(contender + ": loading " + source.eventCount() + " events");
        send(full, Long.MAX_VALUE, 0);
        BenchJob job = BenchJob.start(stack, full, contender.mainClass(), null);
        job.awaitCommitted();
        job.cancel();
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
        BenchJob job = BenchJob.start(stack, topics, contender.mainClass(), null);
        output.progress(String.format("%s: %d s at %,.0f events/s", contender, LATENCY_SECONDS, rate));
        send(topics, (long) (rate * LATENCY_SECONDS), rate);
        job.awaitCommitted();
        job.cancel();
        return topics.latencies(WARM_UP_MILLIS);
    }

    private BenchTopics topics(Contender contender, String phase) {
        BenchTopics topics = BenchTopics.create(stack.kafka(), runPrefix + contender.topicPart() + phase);
        try (FeedSender sender = new FeedSender(stack.kafka(), topics.prefix());
                Stream<CatalogItem> catalog = source.catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        new ModelReleases(stack.kafka(), topics.prefix(), stack.epoch())
                .publish(registry, MODEL, modelVersion, "benchmark");
        return topics;
    }

    private void send(BenchTopics topics, long mostEvents, double rate) {
        try (FeedSender sender = new FeedSender(stack.kafka(), topics.prefix());
                Stream<FeedRecord> feed = source.feed()) {
            Stream<FeedRecord> events = feed.filter(record -> record.topic() == Topic.BEHAVIOUR_EVENTS);
            sender.send(events.limit(mostEvents).iterator(), rate, sent -> {});
        }
    }
}
