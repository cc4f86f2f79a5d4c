package dev.rebound.deploy.control.savepoint;

import dev.rebound.schemas.ModelRelease;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code savepoint.json} of a savepoint: what Flink's own metadata does not say. Written into the savepoint's folder
 * when the savepoint is complete, and moves with it.
 *
 * @param id name of the folder
 * @param job which wrote the state
 * @param releases the model versions that scored, the one in charge last
 * @param outputsCommitted whether every output up to it is known to be committed; null where nobody waited for it
 */
public record SavepointManifest(
        String id,
        JobOrigin job,
        Instant takenAt,
        List<SavedOperator> operators,
        List<SavedRelease> releases,
        @Nullable Boolean outputsCommitted) {

    /** Name of the file in the savepoint's folder. */
    public static final String FILE = "savepoint.json";

    SavepointManifest withOutputsCommitted() {
        return new SavepointManifest(id, job, takenAt, operators, releases, true);
    }

    /** A model version that was part of the state. */
    public record SavedRelease(
            String model, String version, String stage, String packageUri, String sha256, Instant issuedAt) {

        static SavedRelease of(ModelRelease release) {
            return new SavedRelease(
                    release.getModel(),
                    release.getVersion(),
                    release.getStage().name(),
                    release.getPackageUri(),
                    release.getSha256(),
                    Instant.ofEpochMilli(release.getIssuedAt()));
        }
    }
}
