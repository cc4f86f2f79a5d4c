package dev.rebound.deploy.ops.bench;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import dev.rebound.deploy.ops.topics.GroupProgress;
import dev.rebound.deploy.ops.topics.TopicReader;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A running job over the topics of one phase. */
final class BenchJob {
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final LocalStack stack;
    private final BenchTopics topics;
    private final String id;

    private BenchJob(LocalStack stack, BenchTopics topics, String id) {
        this.stack = stack;
        this.topics = topics;
        this.id = id;
    }

    /**
     * Submits a job and waits until all of its tasks run.
     *
     * @param mainClass null for the jar's own
     * @param state checkpoint or savepoint to start from, null for none
     */
    static BenchJob start(LocalStack stack, BenchTopics topics, @Nullable String mainClass, @Nullable String state) {
        String id = new RecommendationJobs(stack)
                .submit(
                        mainClass,
                        state,
                        Map.of(
                                "kafka.bootstrap-servers", stack.bootstrapServers(),
                                "kafka.topic-prefix", topics.prefix(),
                                "kafka.group-id", topics.groupId()));
        return new BenchJob(stack, topics, id);
    }

    String id() {
        return id;
    }

    void cancel() {
        new RecommendationJobs(stack).cancel(id);
    }

    FlinkRest.Checkpoints checkpoints() {
        return stack.rest().checkpoints(id);
    }

    /** Until a checkpoint holds that all was consumed, and another one shows that its outputs are committed. */
    void awaitCommitted() {
        String events = Topic.BEHAVIOUR_EVENTS.topicName(topics.prefix());
        try (GroupProgress group = new GroupProgress(stack.bootstrapServers(), topics.groupId());
                TopicReader inputs = new TopicReader(stack.bootstrapServers(), List.of(events))) {
            Map<TopicPartition, Long> ends = inputs.ends();
            boolean consumed = until(() -> group.lag(ends) == 0);
            if (!consumed || !awaitCheckpoints(1)) {
                throw new CommandFailedException("The job has not consumed " + events + " within " + LONGEST.toMinutes()
                        + " min; use fewer events, or look into the job's log");
            }
        }
    }

    /** Until so many more checkpoints are complete; false if they are not in time. */
    boolean awaitCheckpoints(int more) {
        long before = checkpoints().counts().completed();
        return until(() -> checkpoints().counts().completed() >= before + more);
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
