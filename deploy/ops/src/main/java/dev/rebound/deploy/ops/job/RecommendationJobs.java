package dev.rebound.deploy.ops.job;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.savepoint.JobArchive;
import dev.rebound.deploy.ops.savepoint.JobOrigin;
import dev.rebound.deploy.ops.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.ops.savepoint.SavepointStore;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Submits, finds and ends jobs of the stack. */
public final class RecommendationJobs {
    private static final String JOB_NAMES = "rebound-";
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final LocalStack stack;
    private final JobArchive archive;
    private final SavepointStore savepoints;

    public RecommendationJobs(LocalStack stack) {
        this.stack = stack;
        Path root = new Path(stack.hdfsUri().resolve("/rebound"));
        this.archive = new JobArchive(root);
        this.savepoints = new SavepointStore(root);
    }

    /**
     * Submits the job of the distribution and waits until all of its tasks run.
     *
     * @param mainClass null for the jar's own
     * @param savepoint to start from, null for an empty state
     * @param options of the job, by key
     * @return the job id
     */
    public String submit(@Nullable String mainClass, @Nullable String savepoint, Map<String, String> options) {
        return submit(new JobLaunch(stack.layout().jobJar(), mainClass, options, savepoint, false));
    }

    /** Submits a job and waits until all of its tasks run. Its jar is kept, and what it was submitted as. */
    public String submit(JobLaunch launch) {
        String jobId = start(launch);
        awaitRunning(jobId);
        return jobId;
    }

    /** Submits a job and returns when the cluster has accepted it. */
    String start(JobLaunch launch) {
        KeptJar jar = archive.keep(launch.jar());
        String jobId = stack.flink().submit(launch.jar(), launch.flinkOptions(), launch.jobArguments());
        archive.record(new JobOrigin(
                jobId,
                rest().job(jobId).name(),
                jar,
                launch.mainClass(),
                launch.options(),
                launch.savepoint(),
                Instant.now()));
        return jobId;
    }

    private void awaitRunning(String jobId) {
        RetryPolicy<FlinkRest.JobDetails> untilRunning = RetryPolicy.<FlinkRest.JobDetails>builder()
                .handleResultIf(job -> job != null && !job.allRunning() && !ended(job))
                .withDelay(Duration.ofMillis(300))
                .withMaxDuration(START_PATIENCE)
                .withMaxRetries(-1)
                .build();
        FlinkRest.JobDetails job = Failsafe.with(untilRunning).get(() -> rest().job(jobId));
        if (!job.allRunning()) {
            String why = rest().latestFailure(jobId)
                    .map(trace -> trace.lines().findFirst().orElse(""))
                    .orElse("no failure is known");
            throw new CommandFailedException("Job " + jobId + " is " + job.state()
                    + " and not all of its tasks run after " + START_PATIENCE.toSeconds() + " s: " + why
                    + ". Look into " + stack.layout().logs());
        }
    }

    private static boolean ended(FlinkRest.JobDetails job) {
        return List.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED").contains(job.state());
    }

    public List<FlinkRest.Job> all() {
        return rest().jobs();
    }

    /** The job of that id, or the only one of ours that has not ended. */
    public static String find(FlinkRest rest, @Nullable String jobId) {
        if (jobId != null) {
            return jobId;
        }
        List<FlinkRest.Job> jobs = rest.jobs().stream()
                .filter(job -> job.name().startsWith(JOB_NAMES) && !job.ended())
                .toList();
        if (jobs.size() != 1) {
            throw new CommandFailedException(
                    jobs.isEmpty()
                            ? "No job whose name begins with " + JOB_NAMES + " runs on " + rest.address()
                                    + ". Start one with: rebound job submit"
                            : "Several jobs run: "
                                    + jobs.stream().map(FlinkRest.Job::id).toList() + ". Say which one with its id.");
        }
        return jobs.get(0).id();
    }

    /** Stops a job with a canonical savepoint, which gets its manifest. */
    public StoredSavepoint stop(String jobId) {
        JobOrigin job = origin(jobId);
        Instant now = Instant.now();
        return savepoints.describe(stack.flink().stopWithSavepoint(jobId, savepointFolder()), job, now);
    }

    /** Makes a canonical savepoint, which gets its manifest; the job goes on. */
    public StoredSavepoint savepoint(String jobId) {
        JobOrigin job = origin(jobId);
        Instant now = Instant.now();
        return savepoints.describe(stack.flink().savepoint(jobId, savepointFolder()), job, now);
    }

    /** What a job was submitted as; without its jar if another than {@code rebound} submitted it. */
    JobOrigin origin(String jobId) {
        return archive.origin(jobId)
                .orElseGet(() -> new JobOrigin(
                        jobId, rest().job(jobId).name(), null, null, rest().jobParameters(jobId), null, Instant.EPOCH));
    }

    public SavepointStore savepoints() {
        return savepoints;
    }

    /** Ends a job without a savepoint and waits until it has ended. */
    public void cancel(String jobId) {
        rest().cancel(jobId);
        RetryPolicy<Boolean> untilEnded = RetryPolicy.<Boolean>builder()
                .handleResult(false)
                .withDelay(Duration.ofMillis(300))
                .withMaxDuration(START_PATIENCE)
                .withMaxRetries(-1)
                .build();
        if (!Failsafe.with(untilEnded).get(() -> ended(rest().job(jobId)))) {
            throw new CommandFailedException("Job " + jobId + " has not ended " + START_PATIENCE.toSeconds()
                    + " s after its cancellation. Look into " + stack.layout().logs());
        }
    }

    public Optional<FlinkRest.Checkpoint> latestCheckpoint(String jobId) {
        return rest().checkpoints(jobId).latestCompleted();
    }

    private URI savepointFolder() {
        return savepoints.folder().toUri();
    }

    private FlinkRest rest() {
        return stack.rest();
    }
}
