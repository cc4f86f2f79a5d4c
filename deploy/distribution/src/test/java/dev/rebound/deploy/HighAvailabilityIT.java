package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.FlinkRestException;
import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.ops.events.FeedEncoder;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import dev.rebound.deploy.ops.reconcile.TopicReconciler;
import dev.rebound.deploy.ops.replay.FeedSender;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills the JobManager that leads, three times, with SIGKILL while events flow. Nobody mends anything. */
class HighAvailabilityIT {
    private static final int EVENTS = 60_000;
    private static final double EVENTS_PER_SECOND = 200;
    private static final int KILLS = 3;
    private static final String PREFIX = "ha.";

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack(StackShape.HIGHLY_AVAILABLE);

    private final LocalStack stack = RUNNING.stack();

    @Test
    void theStandbyLeadsTheSameJobAndNothingIsLostOrDoubled() {
        KafkaTopics.create(stack.bootstrapServers(), PREFIX);
        ShopGenerator shop = ShopGenerator.of(1, EVENTS);
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), PREFIX)) {
            sender.send(shop.catalog().map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        String jobId = new RecommendationJobs(stack)
                .submit(
                        null,
                        null,
                        Map.of(
                                "kafka.bootstrap-servers",
                                stack.bootstrapServers(),
                                "kafka.topic-prefix",
                                PREFIX,
                                "kafka.group-id",
                                PREFIX + "job"));
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            try (FeedSender sender = new FeedSender(stack.bootstrapServers(), PREFIX)) {
                sender.send(
                        shop.feed().takeWhile(record -> !enough.get()).iterator(), EVENTS_PER_SECOND, records -> {});
            }
        });
        for (int kill = 1; kill <= KILLS; kill++) {
            awaitCheckpoint(jobId);
            ManagedProcess leader = stack.leadingJobManager().orElseThrow();
            long dead = leader.pid().orElseThrow();
            long begin = System.nanoTime();
            leader.kill();
            assertThat(load).as("events flow while no JobManager leads").isNotDone();

            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> stack.leadingJobManager()
                            .filter(next -> !next.name().equals(leader.name()))
                            .isPresent());
            double leads = seconds(begin);
            await().atMost(Duration.ofMinutes(2))
                    .ignoreException(FlinkRestException.class)
                    .until(() -> stack.rest().job(jobId).allRunning());
            double runs = seconds(begin);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> leader.isAlive() && leader.pid().orElseThrow() != dead);
            System.out.printf(
                    "kill %d of %s: the standby led after %.1f s, all tasks ran after %.1f s%n",
                    kill, leader.name(), leads, runs);
        }
        enough.set(true);
        load.join();

        TopicReconciler.Verdict verdict = new TopicReconciler(
                        stack.bootstrapServers(),
                        PREFIX,
                        PREFIX + "job",
                        stack.rest(),
                        jobId,
                        Duration.ofSeconds(90),
                        System.out::println)
                .reconcile();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.result().lost()).isZero();
        assertThat(verdict.result().duplicated()).isZero();
        assertThat(verdict.result().eventsApplied()).isPositive();
        assertThat(verdict.result().responses()).isEqualTo(verdict.result().requests());
    }

    private void awaitCheckpoint(String jobId) {
        await().atMost(Duration.ofMinutes(2))
                .ignoreException(FlinkRestException.class)
                .until(() -> {
                    FlinkRest.CheckpointCounts counts =
                            stack.rest().checkpoints(jobId).counts();
                    return counts.completed() > 0;
                });
    }

    private static double seconds(long beginNanos) {
        return (System.nanoTime() - beginNanos) / 1e9;
    }
}
