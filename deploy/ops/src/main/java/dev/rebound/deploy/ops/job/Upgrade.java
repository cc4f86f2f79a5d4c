package dev.rebound.deploy.ops.job;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackException;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.savepoint.JobOrigin;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replaces a running job by another version of it, and goes back by itself if that one does not become healthy. */
public final class Upgrade {
    private final LocalStack stack;
    private final RecommendationJobs jobs;
    private final Progress output;

    public Upgrade(LocalStack stack, Progress output) {
        this.stack = stack;
        this.jobs = new RecommendationJobs(stack);
        this.output = output;
    }

    /**
     * @param savepoint of the old version
     * @param problem why the new version was taken back; null if it runs
     * @param seconds from the stop until the job that runs now did
     */
    public record Result(
            String jobId, String savepoint, @Nullable String problem, double seconds) {}

    /**
     * Stops a job with a savepoint and starts another version from it.
     *
     * @param mainClass null for that of the running job
     * @param given options as on the command line; those of the running job are kept else
     * @param healthyWithin in which all tasks must run and a checkpoint complete, without a restart
     * @throws CommandFailedException if the new version can't restore the state; nothing was stopped then
     */
    public Result run(String jobId, Path jar, @Nullable String mainClass, List<String> given, Duration healthyWithin) {
        JobOrigin old = jobs.origin(jobId);
        if (old.jar() == null) {
            throw new CommandFailedException(
                    "The jar of job " + jobId + " was not kept, so that there is no way back. Use"
                            + " `rebound job stop` and `rebound job submit --from-savepoint` this once");
        }
        // Not the newest checkpoint: the job goes on, and may delete it while it is compared.
        output.progress("savepoint of job " + jobId + ", to compare the new version with");
        StoredSavepoint compared = jobs.savepoint(jobId);
        JobLaunch launch = new JobLaunch(
                jar,
                mainClass == null ? old.mainClass() : mainClass,
                JobLaunch.options(stack, Optional.of(old), given),
                compared.path().toString(),
                false);
        CompatibilityReport report = new CompatibilityCheck(stack.flink()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException("The new version can't go on from the state of job " + jobId
                    + ", and nothing was stopped: " + String.join("; ", report.problems()));
        }
        output.progress("stopping job " + jobId + " with a savepoint");
        long begin = System.nanoTime();
        StoredSavepoint savepoint = jobs.stop(jobId);
        output.progress("starting " + jar + " from " + savepoint.id());
        String started;
        try {
            started = jobs.start(launch.from(savepoint.path().toString()));
        } catch (StackException e) {
            return back(savepoint, null, "Flink does not accept it: " + e.getMessage(), begin);
        }
        Optional<String> problem = problem(started, healthyWithin);
        return problem.isPresent()
                ? back(savepoint, started, problem.get(), begin)
                : new Result(started, savepoint.id(), null, (System.nanoTime() - begin) / 1e9);
    }

    private Result back(StoredSavepoint savepoint, @Nullable String started, String problem, long begin) {
        output.progress("the new version is not healthy, going back: " + problem);
        Rollback.Result old = new Rollback(stack, output).to(savepoint, started, false);
        return new Result(old.jobId(), savepoint.id(), problem, (System.nanoTime() - begin) / 1e9);
    }

    /** Waits until the job is healthy, has failed or the time is over. */
    private Optional<String> problem(String jobId, Duration within) {
        RetryPolicy<Optional<String>> untilHealthy = RetryPolicy.<Optional<String>>builder()
                .handleResultIf(waiting ->
                        waiting.isPresent() && stack.rest().latestFailure(jobId).isEmpty())
                .withDelay(Duration.ofMillis(500))
                .withMaxDuration(within)
                .withMaxRetries(-1)
                .build();
        Optional<String> waiting = Failsafe.with(untilHealthy).get(() -> unready(jobId));
        Optional<String> failure = stack.rest()
                .latestFailure(jobId)
                .flatMap(trace -> trace.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((first, last) -> last)
                        .or(() -> trace.lines().findFirst()));
        return failure.isPresent() ? failure : waiting.map(what -> what + " after " + within.toSeconds() + " s");
    }

    private Optional<String> unready(String jobId) {
        FlinkRest.JobDetails job = stack.rest().job(jobId);
        if (!job.allRunning()) {
            return Optional.of("the job is " + job.state() + " and not all of its tasks run");
        }
        return stack.rest().checkpoints(jobId).counts().completed() > 0
                ? Optional.empty()
                : Optional.of("no checkpoint has completed");
    }
}
