package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.UnknownOutcomeException;
import dev.rebound.deploy.site.topics.OpenTransactions;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import dev.rebound.schemas.ModelRelease;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes back to a savepoint: the state, the job jar that made it with its options, and the model releases of that moment.
 * Input since is read again. Outputs since come again with the same ids; user counts are right by construction.
 */
public final class Rollback {
    private final Site site;
    private final RecommendationJobs jobs;
    private final Progress output;
    private Runnable whenEnded = () -> {};

    public Rollback(Site site, Progress output) {
        this.site = site;
        this.jobs = new RecommendationJobs(site);
        this.output = output;
    }

    /** Has something done between the end of the job that runs and the start of the restored one. */
    public Rollback whenEnded(Runnable action) {
        whenEnded = action;
        return this;
    }

    /**
     * What was done.
     *
     * @param savepointOfThePresent where the state that was left is; null if it was not, or could not be, saved
     * @param releasesIssued the model releases that differed, model/version:stage
     * @param seconds from the first step until all tasks of the restored job ran
     */
    public record Result(
            String jobId,
            String savepoint,
            @Nullable String savepointOfThePresent,
            String jobVersion,
            List<String> releasesIssued,
            double seconds) {}

    /**
     * The state before the version of the job, as {@link RollbackTarget} says.
     *
     * @param runningJobId null if none runs: then it is the version that was submitted last
     */
    public StoredSavepoint before(@Nullable String runningJobId) {
        JobOrigin left = runningJobId == null
                ? jobs.lastSubmitted()
                        .orElseThrow(() -> new CommandFailedException("No " + RecommendationJob.JOB_NAME
                                + " runs, and none was submitted by rebound. Choose one of `rebound job savepoints`"
                                + " with --to"))
                : jobs.origin(runningJobId);
        return new RollbackTarget(jobs.savepoints().list())
                .of(left)
                .orElseThrow(() -> new CommandFailedException("No savepoint from before job " + left.jobId() + " ("
                        + left.jobName() + ") is whole and has its job jar. Choose one of `rebound job savepoints` with"
                        + " --to"));
    }

    /** Goes back, after a savepoint of the present. */
    public Result to(StoredSavepoint target, @Nullable String runningJobId) {
        try (JobChange change = JobChange.begin(site, "job rollback")) {
            return to(target, runningJobId, true);
        }
    }

    Result to(StoredSavepoint target, @Nullable String runningJobId, boolean savesThePresent) {
        long begin = System.nanoTime();
        // Before anything is stopped.
        new EpochClaims(site).requireWriting();
        jobs.archive().damaged().forEach(output::progress);
        Way way = way(target);
        jobs.requireOwnTransactions(way.launch(), runningJobId);
        requireRestorable(way.launch(), target);
        boolean madeByTheRunning = way.job().jobId().equals(runningJobId);
        if (!madeByTheRunning) {
            requireCommitted(target);
        }

        @Nullable
        String present = runningJobId == null
                ? null
                : end(runningJobId, savesThePresent, () -> {
                    if (madeByTheRunning) {
                        requireCommitted(target);
                    }
                });
        try {
            return restore(way, present, begin);
        } catch (RuntimeException e) {
            throw new CommandFailedException(
                    e.getMessage() + "\nThe job that ran has ended"
                            + (present == null ? "" : ", its state is in " + present)
                            + ". Going back is not done; finish it with: rebound job rollback --to " + target.id(),
                    e);
        }
    }

    /**
     * What is to run again.
     *
     * @param job that made the savepoint
     * @param local its jar on this machine
     * @param options of the job that is to be restored; changed by what is done on the way
     */
    private record Way(StoredSavepoint target, JobOrigin job, KeptJar jar, Path local, Map<String, String> options) {

        JobLaunch launch() {
            return new JobLaunch(
                    local,
                    job.mainClass(),
                    new LinkedHashMap<>(options),
                    target.path().toString(),
                    true);
        }
    }

    private Way way(StoredSavepoint target) {
        JobOrigin job = target.manifest()
                .map(SavepointManifest::job)
                .orElseThrow(() -> new CommandFailedException(target.id() + " has no " + SavepointManifest.FILE
                        + ": which job made it is unknown. Start one with: rebound job submit --from-savepoint "
                        + target.path()));
        KeptJar jar = job.keptJar()
                .orElseThrow(() -> new CommandFailedException("The jar of the job that made " + target.id()
                        + " was not kept. Start one with: rebound job submit --from-savepoint " + target.path()));
        Path local = jobs.archive().fetch(jar, site.scratch().resolve("data/jars"));
        Map<String, String> options = JobLaunch.options(site, Optional.of(job), null, List.of());
        options.put(JobOptions.SINK_GENERATION.key(), String.valueOf(jobs.nextSinkGeneration()));
        return new Way(target, job, jar, local, options);
    }

    private Result restore(Way way, @Nullable String present, long begin) {
        List<String> aborted = OpenTransactions.abort(
                site.kafka(),
                RecommendationJobs.transactions(way.job().options(), way.job().jobName()));
        if (!aborted.isEmpty()) {
            output.progress("aborted " + aborted.size() + " open transactions of the job that ended");
        }
        whenEnded.run();
        StoredSavepoint target = way.target();
        List<ModelRelease> issued = target.content().hasScoring() ? restoreReleases(target, way.options()) : List.of();
        if (!issued.isEmpty()) {
            way.options()
                    .put(
                            JobOptions.RELEASES_SINCE.key(),
                            String.valueOf(issued.get(0).getIssuedAt()));
        }
        output.progress(
                "restoring " + target.id() + " with job version " + way.jar().version());
        String jobId = jobs.submit(way.launch());
        return new Result(
                jobId,
                target.id(),
                present,
                way.jar().version(),
                issued.stream()
                        .map(each -> each.getModel() + "/" + each.getVersion() + ":" + each.getStage())
                        .toList(),
                (System.nanoTime() - begin) / 1e9);
    }

    private List<ModelRelease> restoreReleases(StoredSavepoint target, Map<String, String> options) {
        String prefix = options.getOrDefault(JobOptions.TOPIC_PREFIX.key(), JobOptions.TOPIC_PREFIX.defaultValue());
        return new ModelReleases(site.kafka(), prefix, site.epoch())
                .telling(output::progress)
                .restore(target.content().releases(), "rollback to " + target.id());
    }

    private void requireRestorable(JobLaunch launch, StoredSavepoint target) {
        CompatibilityReport report = new CompatibilityCheck(site.flink().commandLine()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException(target.id() + " can't be restored, and nothing was stopped: "
                    + String.join("; ", report.problems()));
        }
    }

    private void requireCommitted(StoredSavepoint target) {
        SavepointManifest manifest = target.manifest().orElseThrow();
        if (!new CommittedOutputs(site.flink().rest(), jobs.savepoints().list()).upTo(target, manifest)) {
            throw new CommandFailedException("The outputs between the last checkpoint before " + target.id()
                    + " and it may not be committed, and a job that goes back to it does not make them again; nothing"
                    + " was stopped. Where job " + manifest.job().jobId()
                    + " runs, wait for two of its checkpoints; where it ended right"
                    + " after, go on from where it was with: rebound job submit --from-savepoint " + target.path()
                    + ". Or choose another of `rebound job savepoints` with --to");
        }
    }

    /** @param beforeLossyEnd throws where the job must not end without a savepoint, with which its outputs are committed */
    private @Nullable String end(String jobId, boolean savesThePresent, Runnable beforeLossyEnd) {
        if (jobs.hasEnded(jobId)) {
            beforeLossyEnd.run();
            return null;
        }
        if (savesThePresent) {
            output.progress("stopping job " + jobId + " with a savepoint");
            try {
                return jobs.stop(jobId).id();
            } catch (UnknownOutcomeException e) {
                throw e;
            } catch (CommandFailedException e) {
                output.progress("the present can't be saved, what is left of it is the last checkpoint: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        beforeLossyEnd.run();
        jobs.cancel(jobId);
        return null;
    }
}
