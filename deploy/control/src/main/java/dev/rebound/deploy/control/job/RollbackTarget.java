package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * Which savepoint a rollback goes back to by itself: the one that the job began with, or else the newest before it of the
 * jobs that it came from. A job that a rollback left is none of them: its savepoint is newer, and that of a bad version.
 */
final class RollbackTarget {
    private final List<StoredSavepoint> savepoints;

    /** @param savepoints the newest first */
    RollbackTarget(List<StoredSavepoint> savepoints) {
        this.savepoints = savepoints;
    }

    /** @param left the job that is gone back from, which may have ended */
    Optional<StoredSavepoint> of(JobOrigin left) {
        Optional<StoredSavepoint> begun = begunWith(left);
        if (begun.isEmpty()) {
            return newestBefore(left);
        }
        for (Optional<StoredSavepoint> at = begun; at.isPresent(); at = begunWith(origin(at.get()))) {
            Optional<StoredSavepoint> found =
                    newestOf(origin(at.get()).jobId(), at.get().takenAt(), left);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The savepoint that a job began with, if it is there and says which job made it. */
    private Optional<StoredSavepoint> begunWith(JobOrigin job) {
        return Optional.ofNullable(job.restoredFrom())
                .flatMap(path -> savepoints.stream()
                        .filter(each -> each.manifest().isPresent())
                        .filter(each -> each.id().equals(new Path(path).getName()))
                        .findFirst());
    }

    private static JobOrigin origin(StoredSavepoint savepoint) {
        return savepoint.manifest().map(SavepointManifest::job).orElseThrow();
    }

    private Optional<StoredSavepoint> newestOf(String jobId, Instant atTheLatest, JobOrigin left) {
        return savepoints.stream()
                .filter(each -> each.isOfAnEarlierJob(left.jobName(), left.jobId()))
                .filter(each -> origin(each).jobId().equals(jobId))
                .filter(each -> !each.takenAt().isAfter(atTheLatest))
                .findFirst();
    }

    /** Of a job that began with nothing. One that another than {@code rebound} submitted has no known time. */
    private Optional<StoredSavepoint> newestBefore(JobOrigin left) {
        boolean known = !left.submittedAt().equals(Instant.EPOCH);
        return savepoints.stream()
                .filter(each -> each.isOfAnEarlierJob(left.jobName(), left.jobId()))
                .filter(each -> !known || each.takenAt().isBefore(left.submittedAt()))
                .findFirst();
    }
}
