package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackException;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.model.ModelReleases;
import dev.rebound.deploy.ops.savepoint.JobOrigin;
import dev.rebound.deploy.ops.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.ops.savepoint.SavepointManifest;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import dev.rebound.deploy.ops.topics.OpenTransactions;
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
    private final LocalStack stack;
    private final RecommendationJobs jobs;
    private final Progress output;
    private Runnable whenEnded = () -> {};

    public Rollback(LocalStack stack, Progress output) {
        this.stack = stack;
        this.jobs = new RecommendationJobs(stack);
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

    /** The newest whole savepoint that an earlier submission of the same job made: the state before its version. */
    public StoredSavepoint newestOfAnEarlierJob(@Nullable String runningJobId) {
        String name = runningJobId == null
                ? RecommendationJob.JOB_NAME
                : jobs.origin(runningJobId).jobName();
        return jobs.savepoints().list().stream()
                .filter(each -> each.isOfAnEarlierJob(name, runningJobId))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("No savepoint of an earlier " + name
                        + " is whole. Choose one of" + " `rebound job savepoints` with --to"));
    }

    /** Goes back, after a savepoint of the present. */
    public Result to(StoredSavepoint target, @Nullable String runningJobId) {
        return to(target, runningJobId, true);
    }

    Result to(StoredSavepoint target, @Nullable String runningJobId, boolean savesThePresent) {
        long begin = System.nanoTime();
        SavepointManifest manifest = target.manifest()
                .orElseThrow(() -> new CommandFailedException(target.id() + " has no " + SavepointManifest.FILE
                        + ": which job made it is unknown. Start one with: rebound job submit --from-savepoint "
                        + target.path()));
        KeptJar jar = manifest.job()
                .keptJar()
                .orElseThrow(() -> new CommandFailedException("The jar of the job that made " + target.id()
                        + " was not kept. Start one with: rebound job submit --from-savepoint " + target.path()));
        Path local = jobs.archive().fetch(jar, stack.layout().var().resolve("data/jars"));
        Map<String, String> options = JobLaunch.options(stack, Optional.of(manifest.job()), List.of());
        options.put(JobOptions.SINK_GENERATION.key(), String.valueOf(jobs.nextSinkGeneration()));
        requireRestorable(launch(local, manifest, options, target), target);

        @Nullable String present = runningJobId == null ? null : end(runningJobId, savesThePresent);
        List<String> aborted = OpenTransactions.abort(stack.bootstrapServers(), transactions(manifest.job()));
        if (!aborted.isEmpty()) {
            output.progress("aborted " + aborted.size() + " open transactions of the job that ended");
        }
        whenEnded.run();
        List<ModelRelease> issued = target.content().hasScoring() ? restoreReleases(target, options) : List.of();
        if (!issued.isEmpty()) {
            options.put(
                    JobOptions.RELEASES_SINCE.key(),
                    String.valueOf(issued.get(0).getIssuedAt()));
        }
        output.progress("restoring " + target.id() + " with job version " + jar.version());
        String jobId = jobs.submit(launch(local, manifest, options, target));
        return new Result(
                jobId,
                target.id(),
                present,
                jar.version(),
                issued.stream()
                        .map(each -> each.getModel() + "/" + each.getVersion() + ":" + each.getStage())
                        .toList(),
                (System.nanoTime() - begin) / 1e9);
    }

    private List<ModelRelease> restoreReleases(StoredSavepoint target, Map<String, String> options) {
        String prefix = options.getOrDefault(JobOptions.TOPIC_PREFIX.key(), JobOptions.TOPIC_PREFIX.defaultValue());
        return new ModelReleases(stack.bootstrapServers(), prefix)
                .restore(target.content().releases(), "rollback to " + target.id());
    }

    private static JobLaunch launch(
            Path jar, SavepointManifest manifest, Map<String, String> options, StoredSavepoint target) {
        return new JobLaunch(
                jar,
                manifest.job().mainClass(),
                new LinkedHashMap<>(options),
                target.path().toString(),
                true);
    }

    private void requireRestorable(JobLaunch launch, StoredSavepoint target) {
        CompatibilityReport report = new CompatibilityCheck(stack.flink()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException(target.id() + " can't be restored, and nothing was stopped: "
                    + String.join("; ", report.problems()));
        }
    }

    private @Nullable String end(String jobId, boolean savesThePresent) {
        if (jobs.hasEnded(jobId)) {
            return null;
        }
        if (savesThePresent) {
            output.progress("stopping job " + jobId + " with a savepoint");
            try {
                return jobs.stop(jobId).id();
            } catch (StackException | CommandFailedException e) {
                output.progress("the present can't be saved, what is left of it is the last checkpoint: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        jobs.cancel(jobId);
        return null;
    }

    /** The beginning of all transactional ids of a job, of every generation. */
    private static String transactions(JobOrigin job) {
        String site = job.options().getOrDefault(JobOptions.SITE_NAME.key(), JobOptions.SITE_NAME.defaultValue());
        return site + "." + job.jobName().replaceFirst("^" + RecommendationJobs.JOB_NAMES, "") + ".";
    }
}
