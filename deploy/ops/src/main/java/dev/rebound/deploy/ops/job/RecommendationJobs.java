package dev.rebound.deploy.ops.job;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.savepoint.JobArchive;
import dev.rebound.deploy.ops.savepoint.JobOrigin;
import dev.rebound.deploy.ops.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.ops.savepoint.SavepointManifest;
import dev.rebound.deploy.ops.savepoint.SavepointStore;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Submits, finds and ends jobs of the stack. */
public final class RecommendationJobs {
    static final String JOB_NAMES = "rebound-";
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

    boolean hasEnded(String jobId) {
        return ended(rest().job(jobId));
    }

    private static boolean ended(FlinkRest.JobDetails job) {
        return List.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED").contains(job.state());
    }

    public List<FlinkRest.Job> all() {
        return rest().jobs();
    }

    /** Our jobs that have not ended. */
    List<FlinkRest.Job> running() {
        return running(rest());
    }

    private static List<FlinkRest.Job> running(FlinkRest rest) {
        return rest.jobs().stream()
                .filter(job -> job.name().startsWith(JOB_NAMES) && !job.ended())
                .toList();
    }

    /** The job of that id, or the only one of ours that has not ended. */
    public static String find(FlinkRest rest, @Nullable String jobId) {
        if (jobId != null) {
            return jobId;
        }
        List<FlinkRest.Job> jobs = running(rest);
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

    /**
     * The job that another version is to replace: the only one that runs, or of several the only one that was submitted with
     * that main class.
     *
     * @param mainClass null for the jar's own
     */
    String findSubmittedAs(@Nullable String mainClass) {
        String wanted = Objects.requireNonNullElse(mainClass, RecommendationJob.class.getName());
        List<FlinkRest.Job> same = running().stream()
                .filter(job -> wanted.equals(
                        Objects.requireNonNullElse(origin(job.id()).mainClass(), RecommendationJob.class.getName())))
                .toList();
        return same.size() == 1 ? same.get(0).id() : find(rest(), null);
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

    /** A generation of sinks that no job ever had. */
    int nextSinkGeneration() {
        return archive.origins().stream()
                        .map(job -> job.options().get(JobOptions.SINK_GENERATION.key()))
                        .filter(Objects::nonNull)
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElse(0)
                + 1;
    }

    /** Savepoints that must not be deleted now, by id, and why. */
    public Map<String, String> savepointsInUse() {
        Map<String, String> inUse = new LinkedHashMap<>();
        for (FlinkRest.Job job : running()) {
            JobOrigin origin = origin(job.id());
            // NO_CLAIM: the first checkpoint copies what it needs; until then a restart reads the savepoint.
            if (origin.restoredFrom() != null
                    && rest().checkpoints(job.id()).counts().completed() == 0) {
                inUse.put(
                        new Path(origin.restoredFrom()).getName(),
                        "job " + job.id() + " began with it and has no checkpoint of its own yet");
            }
            savepoints.list().stream()
                    .filter(each -> each.isOfAnEarlierJob(job.name(), job.id()))
                    .findFirst()
                    .ifPresent(
                            each -> inUse.putIfAbsent(each.id(), "`rollback` of job " + job.id() + " goes back to it"));
        }
        return inUse;
    }

    /** Sums of the jars of running jobs and of all savepoints. */
    Set<String> jarsInUse() {
        return Stream.concat(
                        running().stream().map(job -> origin(job.id())),
                        savepoints.list().stream()
                                .flatMap(each -> each.manifest().stream())
                                .map(SavepointManifest::job))
                .flatMap(job -> job.keptJar().stream())
                .map(KeptJar::sha256)
                .collect(Collectors.toSet());
    }

    JobArchive archive() {
        return archive;
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
