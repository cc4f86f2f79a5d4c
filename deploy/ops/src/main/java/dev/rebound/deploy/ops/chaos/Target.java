package dev.rebound.deploy.ops.chaos;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.FlinkRestException;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** What faults are done to: a stack, the job on it, the load on the job. */
final class Target {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LocalStack stack;
    private final String topicPrefix;
    private final Path registry;
    private final Load load;
    private final Map<String, String> moreOptions;
    private final RecommendationJobs jobs;
    private String jobId;

    /** @param moreOptions of the job, beside where its topics are */
    Target(LocalStack stack, String topicPrefix, Path registry, Load load, Map<String, String> moreOptions) {
        this.moreOptions = Map.copyOf(moreOptions);
        this.stack = stack;
        this.topicPrefix = topicPrefix;
        this.registry = registry;
        this.load = load;
        this.jobs = new RecommendationJobs(stack);
        this.jobId = submit(null);
    }

    LocalStack stack() {
        return stack;
    }

    FlinkRest rest() {
        return stack.rest();
    }

    String topicPrefix() {
        return topicPrefix;
    }

    String groupId() {
        return topicPrefix + "job";
    }

    Path registry() {
        return registry;
    }

    Load load() {
        return load;
    }

    RecommendationJobs jobs() {
        return jobs;
    }

    /** The job that runs now; another one after a restart by hand. */
    String jobId() {
        return jobId;
    }

    /** Starts the job again from a checkpoint or savepoint. */
    void resume(String from) {
        jobId = submit(from);
    }

    private String submit(@Nullable String from) {
        Map<String, String> options = new HashMap<>(moreOptions);
        options.put("kafka.bootstrap-servers", stack.bootstrapServers());
        options.put("kafka.topic-prefix", topicPrefix);
        options.put("kafka.group-id", groupId());
        return jobs.submit(null, from, options);
    }

    void cancel() {
        jobs.cancel(jobId);
    }

    /** Waits for a checkpoint to begin. */
    void awaitBarrier() {
        await("a checkpoint begins", () -> rest().checkpoints(jobId).counts().inProgress() > 0);
    }

    /** Waits for a checkpoint to complete: its transactions are about to be committed. */
    void awaitCompletion() {
        long before = completed();
        await("a checkpoint completes", () -> completed() > before);
    }

    private long completed() {
        return rest().checkpoints(jobId).counts().completed();
    }

    /** Waits for what the job or the stack does by itself. */
    static void await(String what, CheckedSupplier<Boolean> condition) {
        RetryPolicy<Boolean> policy = RetryPolicy.<Boolean>builder()
                .handleResult(false)
                .handle(FlinkRestException.class)
                .withDelay(POLL)
                .withMaxDuration(PATIENCE)
                .withMaxRetries(-1)
                .build();
        if (!Failsafe.with(policy).get(condition)) {
            throw new CommandFailedException("Waited " + PATIENCE.toSeconds() + " s in vain until " + what);
        }
    }
}
