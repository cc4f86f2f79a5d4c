package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.schemas.CatalogItem;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A TaskManager is killed while events flow, another takes its place, and every user, request and dead letter is
 * compared: the same on processes and on containers.
 */
final class KilledTaskManagerContract {
    private static final int SEED = 1;
    private static final int EVENTS = 20_000;
    private static final double EVENTS_PER_SECOND = 1_000;
    private static final int SCORING_TASKS = 2;
    private static final String VERSION = "killed";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ClusterUnderTest cluster;

    /** Once for a cluster: trains the model that all kills find. */
    KilledTaskManagerContract(ClusterUnderTest cluster) {
        this.cluster = cluster;
        cluster.trainModel(SEED, EVENTS, VERSION);
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(SEED, EVENTS);
    }

    /** @param kill decides the moment, and names the topics */
    void nothingIsLostAndNothingIsDoubled(int kill) {
        String prefix = "kill-" + kill + ".";
        KafkaTopics.create(cluster.kafka(), TopicSettings.ofOneBroker(prefix));
        publishCatalogAndModel(prefix);
        String jobId = cluster.submit(prefix);
        try {
            awaitModel(jobId);
            AtomicLong sent = new AtomicLong();
            replay(prefix, shop().feed().limit(EVENTS / 2), 0, sent);
            awaitCheckpoint(jobId);
            CompletableFuture<Void> rest = CompletableFuture.runAsync(
                    () -> replay(prefix, shop().feed().skip(EVENTS / 2), EVENTS_PER_SECOND, sent));
            long moment = EVENTS / 2L + new SplittableRandom(kill).nextInt(EVENTS / 4);
            await().atMost(PATIENCE).until(() -> sent.get() > moment);
            cluster.killATaskManager();
            assertThat(rest).as("events flow while the TaskManager is gone").isNotDone();
            cluster.replaceTheTaskManager();
            rest.join();

            TopicReconciler.Verdict verdict = new TopicReconciler(
                            cluster.kafka(),
                            prefix,
                            prefix + "job",
                            cluster.rest(),
                            jobId,
                            Duration.ofSeconds(90),
                            System.out::println)
                    .reconcile();
            System.out.println("reconciled " + prefix + "*: " + verdict.result());

            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(verdict.result().eventsApplied()).isGreaterThan(EVENTS * 9L / 10);
            assertThat(verdict.result().responses()).isEqualTo(verdict.result().requests());
            assertThat(verdict.result().modelVersion()).isEqualTo(VERSION);
            assertThat(cluster.rest().checkpoints(jobId).counts().restored()).isPositive();
        } finally {
            cancel(jobId);
        }
    }

    private void publishCatalogAndModel(String prefix) {
        try (FeedSender sender = new FeedSender(cluster.kafka(), prefix);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        cluster.publishModel(prefix, VERSION);
    }

    private void replay(String prefix, Stream<FeedRecord> feed, double perSecond, AtomicLong sent) {
        try (FeedSender sender = new FeedSender(cluster.kafka(), prefix);
                feed) {
            sender.send(feed.peek(record -> sent.incrementAndGet()).iterator(), perSecond, records -> {});
        }
    }

    private void awaitModel(String jobId) {
        await().atMost(PATIENCE)
                .until(() -> cluster.rest().metricSum(jobId, "rebound.models_serving") == SCORING_TASKS);
    }

    private void awaitCheckpoint(String jobId) {
        await().atMost(PATIENCE)
                .until(() -> cluster.rest().checkpoints(jobId).counts().completed() > 0);
    }

    private void cancel(String jobId) {
        cluster.rest().cancel(jobId);
        await().atMost(PATIENCE).until(() -> cluster.rest().job(jobId).state().equals("CANCELED"));
    }
}
