package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.ops.events.FeedEncoder;
import dev.rebound.deploy.ops.events.FeedRecord;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import dev.rebound.deploy.ops.model.ModelReleases;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.deploy.ops.model.RegistryOptions;
import dev.rebound.deploy.ops.reconcile.TopicReconciler;
import dev.rebound.deploy.ops.replay.FeedSender;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import dev.rebound.schemas.CatalogItem;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a TaskManager of the real stack with SIGKILL while events flow, and compares every user, request and dead
 * letter. {@code -Drebound.kills=20} does it as often.
 */
class KilledTaskManagerIT {
    private static final int EVENTS = 20_000;
    private static final double EVENTS_PER_SECOND = 1_000;
    private static final int SCORING_TASKS = 2;
    private static final String MODEL = "ranker";
    private static final String VERSION = "1";

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    static IntStream kills() {
        return IntStream.range(0, Integer.getInteger("rebound.kills", 1));
    }

    @BeforeAll
    static void trainAModel() {
        LocalStack stack = RUNNING.stack();
        new ModelTraining(1, System.out::println)
                .train(shop().history(EVENTS), EVENTS, RegistryOptions.of(stack), MODEL, VERSION);
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(1, EVENTS);
    }

    @ParameterizedTest
    @MethodSource("kills")
    void nothingIsLostAndNothingIsDoubledWhenATaskManagerIsKilled(int kill) {
        String prefix = "kill-" + kill + ".";
        KafkaTopics.create(stack.bootstrapServers(), prefix);
        publishCatalogAndModel(prefix);
        RecommendationJobs jobs = new RecommendationJobs(stack);
        String jobId = jobs.submit(
                null,
                null,
                Map.of(
                        "kafka.bootstrap-servers",
                        stack.bootstrapServers(),
                        "kafka.topic-prefix",
                        prefix,
                        "kafka.group-id",
                        prefix + "job"));
        try {
            awaitModel(jobId);
            AtomicLong sent = new AtomicLong();
            replay(prefix, shop().feed().limit(EVENTS / 2), 0, sent);
            awaitCheckpoint(jobId);
            CompletableFuture<Void> rest = CompletableFuture.runAsync(
                    () -> replay(prefix, shop().feed().skip(EVENTS / 2), EVENTS_PER_SECOND, sent));
            long moment = EVENTS / 2L + new SplittableRandom(kill).nextInt(EVENTS / 4);
            await().atMost(Duration.ofMinutes(1)).until(() -> sent.get() > moment);
            killATaskManager();
            assertThat(rest).as("events flow while the TaskManager is gone").isNotDone();
            stack.startTaskManager(ProgressListener.SILENT);
            rest.join();

            TopicReconciler.Verdict verdict = new TopicReconciler(
                            stack.bootstrapServers(),
                            prefix,
                            prefix + "job",
                            stack.rest(),
                            jobId,
                            Duration.ofSeconds(90),
                            System.out::println)
                    .reconcile();

            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(verdict.result().eventsApplied()).isGreaterThan(EVENTS * 9L / 10);
            assertThat(verdict.result().responses()).isEqualTo(verdict.result().requests());
            assertThat(verdict.result().modelVersion()).isEqualTo(VERSION);
            assertThat(stack.rest().checkpoints(jobId).counts().restored()).isPositive();
        } finally {
            jobs.cancel(jobId);
        }
    }

    private void publishCatalogAndModel(String prefix) {
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), prefix);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        new ModelReleases(stack.bootstrapServers(), prefix).publish(RegistryOptions.of(stack), MODEL, VERSION, "test");
    }

    private void replay(String prefix, Stream<FeedRecord> feed, double perSecond, AtomicLong sent) {
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), prefix);
                feed) {
            sender.send(feed.peek(record -> sent.incrementAndGet()).iterator(), perSecond, records -> {});
        }
    }

    private void awaitModel(String jobId) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> stack.rest().metricSum(jobId, "rebound.models_serving") == SCORING_TASKS);
    }

    private void awaitCheckpoint(String jobId) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> stack.rest().checkpoints(jobId).counts().completed() > 0);
    }

    private void killATaskManager() {
        ManagedProcess victim = stack.taskManagers().get(0);
        victim.kill();
        assertThat(victim.isAlive()).isFalse();
    }
}
