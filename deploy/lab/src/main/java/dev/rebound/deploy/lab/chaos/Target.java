package dev.rebound.deploy.lab.chaos;

import dev.failsafe.function.CheckedSupplier;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.job.Rollback;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/** What faults are done to: a stack, the job on it, the load on the job; and who compares what went in with what came out. */
public final class Target implements AutoCloseable {
    /** For the whole campaign: what is killed stays dead for as long as its fault lasts. */
    public static final Damage HELD_WATCHDOG = new Damage(Damage.Kind.FROZEN, "watchdog");

    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(4), Duration.ofMillis(20));

    private final LocalStack stack;
    private final String topicPrefix;
    private final Path registry;
    private final String version;
    private final Load load;
    private final DamageRecord damage;
    private final RecommendationJobs jobs;
    private final TopicReconciler oracle;
    private final Duration patience;
    private Map<String, String> options;
    private volatile String jobId;

    /**
     * @param version of the model that is live
     * @param damage holds what is done to the stack until it is undone
     * @param moreOptions of the job, beside where its topics are
     * @param isolation of the oracle's reader of outputs
     * @param patience how long the oracle waits for what is missing
     */
    public Target(
            LocalStack stack,
            String topicPrefix,
            Path registry,
            String version,
            Load load,
            DamageRecord damage,
            Map<String, String> moreOptions,
            IsolationLevel isolation,
            Duration patience) {
        this.patience = patience;
        this.stack = stack;
        this.topicPrefix = topicPrefix;
        this.registry = registry;
        this.version = version;
        this.load = load;
        this.damage = damage;
        this.jobs = new RecommendationJobs(stack);
        Map<String, String> all = new HashMap<>(moreOptions);
        all.put("kafka.bootstrap-servers", stack.kafka().bootstrapServers());
        all.put("kafka.topic-prefix", topicPrefix);
        all.put("kafka.group-id", topicPrefix + "job");
        this.options = Map.copyOf(all);
        this.jobId = submit(null, options, null);
        this.oracle = new TopicReconciler(
                stack.kafka(), topicPrefix, topicPrefix + "job", stack.rest(), jobId, patience, message -> {});
        oracle.readOutputs(isolation);
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

    Path registry() {
        return registry;
    }

    /** Of the model that is live. */
    String version() {
        return version;
    }

    Load load() {
        return load;
    }

    RecommendationJobs jobs() {
        return jobs;
    }

    TopicReconciler oracle() {
        return oracle;
    }

    /** Before a fault does it: whoever comes next can undo it. */
    void willDamage(List<Damage> damages) {
        damage.add(damages);
    }

    /** Undoes what faults did to the stack. */
    public void undoDamage() {
        damage.undoAllBut(HELD_WATCHDOG, stack);
    }

    /** How long the oracle waits for what is missing. */
    Duration patience() {
        return patience;
    }

    /** The job that runs now; another one after a restart by hand. */
    String jobId() {
        return jobId;
    }

    Duration checkpointInterval() {
        return get(
                "the checkpoint interval",
                () -> rest().checkpointInterval(jobId)
                        .orElseThrow(() -> new CommandFailedException("The job takes no checkpoints")));
    }

    /** Options of the job that runs now. */
    Map<String, String> options() {
        return options;
    }

    /** Starts the job again from a checkpoint or savepoint. */
    void resume(String from) {
        follow(submit(from, options, null));
    }

    /** Starts it with so many tasks an operator. */
    void resume(String from, int parallelism) {
        follow(submit(from, options, parallelism));
    }

    /** Starts it with other options, for this once. */
    void resume(String from, Map<String, String> otherOptions) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(otherOptions);
        follow(submit(from, all, null));
    }

    /** Starts the job, which has ended, from a state before its last one. */
    void goBack(Path from) {
        oracle.beginReplay();
        resume(from.toString());
    }

    /** Goes back as an operator does. */
    void rollback(StoredSavepoint savepoint) {
        Progress silent = message -> {};
        Rollback.Result result =
                new Rollback(stack, silent).whenEnded(oracle::beginReplay).to(savepoint, jobId);
        // The sinks began anew: their names are part of whatever is restored from now on.
        options = Map.copyOf(rest().jobParameters(result.jobId()));
        follow(result.jobId());
    }

    private void follow(String nextJobId) {
        jobId = nextJobId;
        oracle.follow(nextJobId);
    }

    private String submit(@Nullable String from, Map<String, String> jobOptions, @Nullable Integer parallelism) {
        return jobs.submit(new JobLaunch(stack.layout().jobJar(), null, jobOptions, from, false, parallelism));
    }

    /** Stops the job with a savepoint, which is returned. */
    String stop() {
        return jobs.stop(jobId).path().toString();
    }

    void cancel() {
        jobs.cancel(jobId);
    }

    /** Waits until all tasks run. */
    void awaitRunning() {
        await("all tasks run", () -> rest().job(jobId).allRunning());
    }

    /** Waits for a checkpoint to begin. */
    void awaitBarrier() {
        await("a checkpoint begins", this::hasCheckpointUnderWay);
    }

    boolean hasCheckpointUnderWay() {
        return rest().checkpoints(jobId).counts().inProgress() > 0;
    }

    /** Waits for a checkpoint to complete: its transactions are about to be committed. */
    void awaitCompletion() {
        long before = completed();
        await("a checkpoint completes", () -> completed() > before);
    }

    private long completed() {
        return rest().checkpoints(jobId).counts().completed();
    }

    /** Asks Flink, again where it does not answer: an election may be under way at any time. */
    static <T> T get(String what, CheckedSupplier<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        await(what, () -> {
            answer.set(question.get());
            return true;
        });
        return answer.get();
    }

    /** Waits for what the job or the stack does by itself. */
    static void await(String what, CheckedSupplier<Boolean> condition) {
        if (!PATIENCE.until(condition)) {
            throw new CommandFailedException("Waited " + PATIENCE.limit().toSeconds() + " s in vain until " + what);
        }
    }

    @Override
    public void close() {
        try {
            if (!get("which jobs run", () -> rest().jobs()).stream().allMatch(FlinkRest.Job::ended)) {
                cancel();
            }
        } finally {
            oracle.close();
        }
    }
}
