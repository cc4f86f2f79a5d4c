package dev.rebound.deploy.control.savepoint;

import java.time.Instant;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint in its folder, opened.
 *
 * @param manifest empty where {@code rebound} did not make it
 */
public record StoredSavepoint(Path path, Optional<SavepointManifest> manifest, OpenedSavepoint content) {

    public String id() {
        return path.getName();
    }

    public Instant takenAt() {
        return manifest.map(SavepointManifest::takenAt).orElse(content.completedAt());
    }

    /**
     * Whether a rollback of a job could go back to it: it is whole, and another submission of the same job made it, whose
     * jar was kept.
     *
     * @param jobId of the running submission, null if none runs
     */
    public boolean isOfAnEarlierJob(String jobName, @Nullable String jobId) {
        return content.isWhole()
                && manifest.map(SavepointManifest::job)
                        .filter(job -> job.jar() != null
                                && job.jobName().equals(jobName)
                                && !job.jobId().equals(jobId))
                        .isPresent();
    }
}
