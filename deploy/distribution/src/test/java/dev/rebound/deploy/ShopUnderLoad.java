package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * The recommendation job on a running stack, with a model, and the events and requests of a shop that flow into it until
 * they are told to end.
 */
final class ShopUnderLoad implements AutoCloseable {
    static final String MODEL = "ranker";
    static final int SCORING_TASKS = 2;

    static final int EVENTS = 40_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LocalStack stack;
    private final String prefix;
    private final String jobId;
    private final AtomicBoolean flows = new AtomicBoolean(true);
    private final AtomicLong sent = new AtomicLong();
    private CompletableFuture<Void> load = CompletableFuture.completedFuture(null);

    /**
     * Starts the job with an empty state and waits until every scoring task serves a version.
     *
     * @param options of the job, beside those of the stack
     */
    ShopUnderLoad(LocalStack stack, String prefix, String version, Map<String, String> options) {
        this.stack = stack;
        this.prefix = prefix;
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(prefix));
        try (FeedSender sender = new FeedSender(stack.kafka(), prefix);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, each -> {});
        }
        new ModelReleases(stack.kafka(), prefix, stack.epoch())
                .publish(stack.files().registry(), MODEL, version, "the first one");
        Map<String, String> all = new TreeMap<>(options);
        all.put("kafka.bootstrap-servers", stack.kafka().bootstrapServers());
        all.put("kafka.topic-prefix", prefix);
        all.put("kafka.group-id", prefix + "job");
        jobId = new RecommendationJobs(stack).submit(null, null, all);
        awaitMetric("models_serving", SCORING_TASKS);
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(1, EVENTS);
    }

    /** Has events and requests flow from now on. */
    void flow(double perSecond) {
        load = CompletableFuture.runAsync(() -> {
            try (FeedSender sender = new FeedSender(stack.kafka(), prefix);
                    Stream<FeedRecord> feed = shop().feed()) {
                sender.send(
                        feed.takeWhile(record -> flows.get())
                                .peek(record -> sent.incrementAndGet())
                                .iterator(),
                        perSecond,
                        records -> {});
            }
        });
    }

    /** Waits until so many more have been sent. */
    void awaitSent(long more) {
        long until = sent.get() + more;
        await().atMost(PATIENCE).until(() -> {
            assertThat(load).as("the load").isNotDone();
            return sent.get() >= until;
        });
    }

    /** Waits for a checkpoint that is made from now on. */
    void awaitCheckpoint() {
        long now = System.currentTimeMillis();
        await("a checkpoint")
                .atMost(PATIENCE)
                .ignoreException(FlinkRestException.class)
                .until(() -> stack.rest()
                        .checkpoints(jobId)
                        .latestCompleted()
                        .filter(checkpoint -> checkpoint.triggeredAtMillis() > now)
                        .isPresent());
    }

    /** Waits for a checkpoint that begins after a moment, and fails. */
    void awaitFailedCheckpoint(long afterMillis) {
        await("a checkpoint that fails")
                .atMost(PATIENCE)
                .ignoreException(FlinkRestException.class)
                .until(() -> stack.rest().checkpoints(jobId).history().stream()
                        .anyMatch(checkpoint ->
                                checkpoint.status().equals("FAILED") && checkpoint.triggeredAtMillis() > afterMillis));
    }

    /** Whether the job runs as a whole. */
    boolean allTasksRun() {
        return stack.rest().job(jobId).allRunning();
    }

    /** Ends the load and compares what came out with what went in. */
    TopicReconciler.Verdict drain() {
        assertThat(load).as("the load lasted until now").isNotDone();
        flows.set(false);
        load.join();
        return reconcile();
    }

    /** Compares what came out with what went in, once nothing more goes in. */
    TopicReconciler.Verdict reconcile() {
        return new TopicReconciler(
                        stack.kafka(),
                        prefix,
                        prefix + "job",
                        stack.rest(),
                        jobId,
                        Duration.ofSeconds(90),
                        System.out::println)
                .reconcile();
    }

    /** Sum over the scoring tasks of one of the product's metrics. */
    double metric(String name) {
        return stack.rest().metricSum(jobId, "rebound." + name);
    }

    /** Waits for it, and returns a moment at which it was so. */
    long awaitMetric(String name, double value) {
        await(name + " is " + value).atMost(PATIENCE).until(() -> metric(name) == value);
        return System.currentTimeMillis();
    }

    long restarts() {
        return stack.rest().checkpoints(jobId).counts().restored();
    }

    /** Why the job failed each time, the latest first. */
    List<String> failures() {
        return stack.rest().failures(jobId).stream()
                .map(FlinkRest.Failure::cause)
                .toList();
    }

    /** Runs a command of {@code rebound} on this job's topics, as {@code --json} prints it. */
    String rebound(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of("--bootstrap-servers", stack.kafka().bootstrapServers(), "--topic-prefix", prefix, "--json"));
        return CommandOfStack.run(stack, all);
    }

    /** Where this stack keeps its models, for {@link #rebound}. */
    String registry() {
        return stack.files().registry().toString();
    }

    /** All that readers see of a topic, tombstones aside. */
    <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        RecordCodec<T> codec = RecordCodec.of(type);
        List<T> records = new ArrayList<>();
        try (TopicReader reader = new TopicReader(stack.kafka(), List.of(topic.topicName(prefix)))) {
            reader.readToEnd(record -> {
                try {
                    if (record.value() != null) {
                        records.add(codec.decode(record.value(), null));
                    }
                } catch (UndecodableRecordException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return records;
    }

    /** Milliseconds from each event's record to the scoring of what it caused, the 99th percentile of events sent then. */
    long latencyP99Millis(long fromMillis, long toMillis) {
        Map<String, Long> sentMillis = new HashMap<>();
        each(Topic.BEHAVIOUR_EVENTS, BehaviourEvent.class, (event, millis) -> {
            if (millis >= fromMillis && millis < toMillis) {
                sentMillis.putIfAbsent(event.getEventId(), millis);
            }
        });
        List<Long> latencies = new ArrayList<>();
        each(Topic.RECOMMENDATIONS, Recommendation.class, (recommendation, millis) -> {
            Long sent = sentMillis.get(String.valueOf(recommendation.getTriggerEventId()));
            if (sent != null) {
                latencies.add(millis - sent);
            }
        });
        Collections.sort(latencies);
        return latencies.get((int) (0.99 * (latencies.size() - 1)));
    }

    /** Every readable record of a topic with the time that Kafka has of it. */
    private <T extends SpecificRecord> void each(Topic topic, Class<T> type, BiConsumer<T, Long> reader) {
        RecordCodec<T> codec = RecordCodec.of(type);
        try (TopicReader records = new TopicReader(stack.kafka(), List.of(topic.topicName(prefix)))) {
            records.readToEnd(record -> {
                try {
                    if (record.value() != null) {
                        reader.accept(codec.decode(record.value(), null), record.timestamp());
                    }
                } catch (UndecodableRecordException corrupt) {
                    // The shop sends some by design.
                    return;
                }
            });
        }
    }

    @Override
    public void close() {
        flows.set(false);
        load.exceptionally(e -> null).join();
        new RecommendationJobs(stack).cancel(jobId);
    }
}
