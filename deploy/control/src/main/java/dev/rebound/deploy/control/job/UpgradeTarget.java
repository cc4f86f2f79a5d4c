package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which job another version is to replace: the only one that runs, or of several the only one that was submitted with the same
 * main class. If none runs, it is the one that ran last, which an upgrade that was broken off has stopped.
 */
public final class UpgradeTarget {
    private final Site site;
    private final RecommendationJobs jobs;

    public UpgradeTarget(Site site) {
        this.site = site;
        this.jobs = new RecommendationJobs(site);
    }

    /**
     * The id of the job.
     *
     * @param mainClass null for the jar's own
     * @throws CommandFailedException if there is none, or the last one left no savepoint when it ended
     */
    public String of(@Nullable String mainClass) {
        String wanted = orJarsOwn(mainClass);
        List<FlinkRest.Job> running = jobs.running();
        if (running.isEmpty()) {
            return lastOf(wanted).map(this::requireStopped).orElseGet(this::theOnlyOne);
        }
        List<FlinkRest.Job> same = running.stream()
                .filter(job -> wanted.equals(orJarsOwn(jobs.origin(job.id()).mainClass())))
                .toList();
        return same.size() == 1 ? same.get(0).id() : theOnlyOne();
    }

    private static String orJarsOwn(@Nullable String mainClass) {
        return Objects.requireNonNullElse(mainClass, RecommendationJob.class.getName());
    }

    private String theOnlyOne() {
        return RecommendationJobs.find(site.flink().rest(), null);
    }

    private Optional<JobOrigin> lastOf(String mainClass) {
        return jobs.archive().origins().stream()
                .filter(job -> mainClass.equals(orJarsOwn(job.mainClass())))
                .sorted(Comparator.comparing(JobOrigin::submittedAt).reversed())
                .filter(this::hasBegun)
                .findFirst();
    }

    private String requireStopped(JobOrigin last) {
        Optional<StoredSavepoint> savepoint = jobs.stoppedWith(last);
        if (savepoint.isEmpty() || wentOnAfter(savepoint.get(), last)) {
            throw new CommandFailedException("No job runs, and the last one, " + last.jobId()
                    + ", left no savepoint when it ended. To the version before it: rebound job rollback. To go on with"
                    + " it: rebound job submit --from-savepoint PATH, with its last checkpoint and the jar that wrote"
                    + " it, or a savepoint of `rebound job savepoints`. Without PATH the job begins with empty state");
        }
        return last.jobId();
    }

    /** Of a job that Flink has forgotten nobody says how it ended: one that made a checkpoint later did not stop with that. */
    private boolean wentOnAfter(StoredSavepoint savepoint, JobOrigin job) {
        Optional<Path> folder = checkpointFolder(job);
        try {
            if (folder.isEmpty() || !folder.get().getFileSystem().exists(folder.get())) {
                return false;
            }
            long stoppedAt = savepoint.content().checkpointId();
            return Stream.of(folder.get().getFileSystem().listStatus(folder.get()))
                    .map(file -> file.getPath().getName())
                    .filter(name -> name.matches("chk-\\d+"))
                    .anyMatch(name -> Long.parseLong(name.substring("chk-".length())) > stoppedAt);
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoints of job " + job.jobId() + " can't be looked at", e);
        }
    }

    /**
     * A job is recorded before Flink has it, and its command may have died between the two. What Flink has begun has a folder
     * of checkpoints, also after Flink has forgotten it.
     */
    private boolean hasBegun(JobOrigin job) {
        try {
            site.flink().rest().job(job.jobId());
            return true;
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return hasCheckpointFolder(job) || jobs.stoppedWith(job).isPresent();
            }
            throw e;
        }
    }

    private boolean hasCheckpointFolder(JobOrigin job) {
        Optional<Path> folder = checkpointFolder(job);
        try {
            return folder.isEmpty() || folder.get().getFileSystem().exists(folder.get());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't tell whether job " + job.jobId() + " has begun, since its checkpoints can't be looked at",
                    e);
        }
    }

    /** Empty where Flink keeps checkpoints elsewhere than in files. */
    private Optional<Path> checkpointFolder(JobOrigin job) {
        return Optional.ofNullable(site.flink().settings().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .map(checkpoints -> new Path(checkpoints, job.jobId()));
    }
}
