package dev.rebound.deploy.ops.job;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.CommandResult;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandFailedException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Submits, finds and ends jobs of the stack. */
public final class RecommendationJobs {
    private static final String JOB_NAMES = "rebound-";
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    private final LocalStack stack;

    public RecommendationJobs(LocalStack stack) {
        this.stack = stack;
    }

    /**
     * Submits the job and waits until all of its tasks run.
     *
     * @param mainClass null for the jar's own
     * @param savepoint to start from, null for an empty state
     * @param options of the job, by key
     * @return the job id
     */
    public String submit(@Nullable String mainClass, @Nullable String savepoint, Map<String, String> options) {
        List<String> flinkOptions = new ArrayList<>();
        if (mainClass != null) {
            flinkOptions.addAll(List.of("-c", mainClass));
        }
        if (savepoint != null) {
            flinkOptions.addAll(List.of("-s", savepoint));
        }
        List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        String jobId = stack.flink().submit(stack.layout().jobJar(), flinkOptions, arguments);
        awaitRunning(jobId);
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

    /** Stops a job with a canonical savepoint and returns the savepoint's path. */
    public String stop(String jobId) {
        return stack.flink().stopWithSavepoint(jobId, savepointFolder());
    }

    /** Makes a canonical savepoint, the job goes on; returns its path. */
    public String savepoint(String jobId) {
        CommandResult result = stack.flink()
                .run(
                        List.of(
                                "savepoint",
                                "--type",
                                "canonical",
                                jobId,
                                savepointFolder().toString()),
                        COMMAND_LIMIT);
        Matcher path = SAVEPOINT.matcher(result.output());
        if (!result.succeeded() || !path.find()) {
            throw new CommandFailedException("The savepoint of job " + jobId + " failed; Flink's command line wrote: "
                    + result.output().strip());
        }
        return path.group(1);
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
        return stack.hdfsUri().resolve("/rebound/savepoints");
    }

    private FlinkRest rest() {
        return stack.rest();
    }
}
