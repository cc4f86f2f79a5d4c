package dev.rebound.deploy.lab.bench;

import dev.failsafe.function.CheckedSupplier;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.topics.GroupProgress;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.Topic;
import java.nio.file.Path;
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
     * @param mainClass of the jar of bench jobs; null for the recommendation job, as it runs in production
     * @param state checkpoint or savepoint to start from, null for none
     */
    static BenchJob start(LocalStack stack, BenchTopics topics, @Nullable String mainClass, @Nullable String state) {
        Map<String, String> options = Map.of(
                "kafka.bootstrap-servers", stack.kafka().bootstrapServers(),
                "kafka.topic-prefix", topics.prefix(),
                "kafka.group-id", topics.groupId());
        Path jar = mainClass == null ? stack.layout().jobJar() : stack.layout().benchJobsJar();
        String id = new RecommendationJobs(stack).submit(new JobLaunch(jar, mainClass, options, state, false));
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
        try (GroupProgress group = new GroupProgress(stack.kafka(), topics.groupId());
                TopicReader inputs = new TopicReader(stack.kafka(), List.of(events))) {
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
        return Patience.of(LONGEST, Duration.ofSeconds(2)).until(condition);
    }
}
