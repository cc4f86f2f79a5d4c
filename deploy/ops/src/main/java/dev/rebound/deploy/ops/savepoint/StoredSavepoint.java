package dev.rebound.deploy.ops.savepoint;

import java.time.Instant;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

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
}
