package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.UnknownOutcomeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replaces a running job by another version of it, and goes back by itself if that one does not become healthy. */
public final class Upgrade {
    private final Site site;
    private final RecommendationJobs jobs;
    private final Progress output;

    public Upgrade(Site site, Progress output) {
        this.site = site;
        this.jobs = new RecommendationJobs(site);
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
     * Stops a job with a savepoint and starts another version from it. One that has stopped, whose upgrade was broken off, is
     * not stopped again.
     *
     * @param mainClass null for that of the running job
     * @param given options as on the command line; those of the running job are kept else
     * @param healthyWithin in which all tasks must run and a checkpoint complete, without a restart
     * @throws CommandFailedException if the new version can't restore the state; nothing was stopped then
     */
    public Result run(String jobId, Path jar, @Nullable String mainClass, List<String> given, Duration healthyWithin) {
        try (JobChange change = JobChange.begin(site, "job submit --upgrade")) {
            return replace(jobId, jar, mainClass, given, healthyWithin);
        }
    }

    private Result replace(
            String jobId, Path jar, @Nullable String mainClass, List<String> given, Duration healthyWithin) {
        new EpochClaims(site).requireWriting();
        JobOrigin old = jobs.origin(jobId);
        if (old.jar() == null) {
            throw new CommandFailedException(
                    "The jar of job " + jobId + " was not kept, so that there is no way back. Use"
                            + " `rebound job stop` and `rebound job submit --from-savepoint` this once");
        }
        StoredSavepoint compared = toCompare(jobId);
        JobLaunch launch = new JobLaunch(
                jar,
                mainClass == null ? old.mainClass() : mainClass,
                JobLaunch.options(site, Optional.of(old), null, given),
                compared.path().toString(),
                false);
        jobs.requireOwnTransactions(launch, jobId);
        CompatibilityReport report = new CompatibilityCheck(site.flink().commandLine()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException("The new version can't go on from the state of job " + jobId
                    + ", and nothing was stopped: " + String.join("; ", report.problems()));
        }
        output.progress("stopping job " + jobId + " with a savepoint");
        long begin = System.nanoTime();
        StoredSavepoint savepoint = jobs.stop(jobId);
        return start(launch.from(savepoint.path().toString()), savepoint, healthyWithin, begin);
    }

    /** Not the newest checkpoint: the job goes on, and may delete it while it is compared. */
    private StoredSavepoint toCompare(String jobId) {
        if (jobs.hasEnded(jobId)) {
            output.progress("job " + jobId + " has stopped already; going on from its savepoint");
            return jobs.stop(jobId);
        }
        output.progress("savepoint of job " + jobId + ", to compare the new version with");
        return jobs.savepointAtOnce(jobId);
    }

    /** The old version has stopped: from here on every failure says what runs, and how to go on. */
    private Result start(JobLaunch launch, StoredSavepoint savepoint, Duration healthyWithin, long begin) {
        output.progress("starting " + launch.jar() + " from " + savepoint.id());
        String started;
        try {
            started = jobs.start(launch);
        } catch (UnknownOutcomeException e) {
            throw new CommandFailedException(
                    "The old version has stopped with " + savepoint.id() + ". " + e.getMessage()
                            + ". If it is not there: rebound job submit --from-savepoint " + savepoint.id(),
                    e);
        } catch (CommandFailedException e) {
            return back(savepoint, null, "Flink does not accept it: " + e.getMessage(), begin);
        }
        Optional<String> problem;
        try {
            problem = problem(started, healthyWithin);
        } catch (FlinkRestException e) {
            throw new CommandFailedException(
                    "Job " + started + " was started from " + savepoint.id()
                            + ", and whether it is healthy is unknown, since Flink does not answer: " + e.getMessage()
                            + ". See rebound job list when it does; to the old version: rebound job rollback --to "
                            + savepoint.id(),
                    e);
        }
        return problem.isPresent()
                ? back(savepoint, started, problem.get(), begin)
                : new Result(started, savepoint.id(), null, (System.nanoTime() - begin) / 1e9);
    }

    private Result back(StoredSavepoint savepoint, @Nullable String started, String problem, long begin) {
        output.progress("the new version is not healthy, going back: " + problem);
        try {
            Rollback.Result old = new Rollback(site, output).to(savepoint, started, false);
            return new Result(old.jobId(), savepoint.id(), problem, (System.nanoTime() - begin) / 1e9);
        } catch (RuntimeException e) {
            throw new CommandFailedException(
                    "The new version is not healthy: " + problem + ". Going back failed: " + e.getMessage()
                            + ". Go on with: rebound job rollback --to " + savepoint.id(),
                    e);
        }
    }

    /** Waits until the job is healthy, has failed or the time is over. */
    private Optional<String> problem(String jobId, Duration within) {
        Health health = Patience.withFlink(within, Duration.ofMillis(500)).get(() -> health(jobId), Health::isSettled);
        return health.failure().isPresent()
                ? health.failure()
                : health.unready().map(what -> what + " after " + within.toSeconds() + " s");
    }

    /**
     * @param unready what is still waited for
     * @param failure why a task failed
     */
    private record Health(Optional<String> unready, Optional<String> failure) {
        boolean isSettled() {
            return unready.isEmpty() || failure.isPresent();
        }
    }

    /** A failure is looked for last: one that came in between is then seen. */
    private Health health(String jobId) {
        Optional<String> unready = unready(jobId);
        Optional<String> failure = site.flink()
                .rest()
                .latestFailure(jobId)
                .flatMap(trace -> trace.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((first, last) -> last)
                        .or(() -> trace.lines().findFirst()));
        return new Health(unready, failure);
    }

    private Optional<String> unready(String jobId) {
        FlinkRest.JobDetails job = site.flink().rest().job(jobId);
        if (!job.allRunning()) {
            return Optional.of("the job is " + job.state() + " and not all of its tasks run");
        }
        return site.flink().rest().checkpoints(jobId).counts().completed() > 0
                ? Optional.empty()
                : Optional.of("no checkpoint has completed");
    }
}
