package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.schemas.ReleaseStage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint as it is shown.
 *
 * @param jobVersion the beginning of the job jar's SHA-256; null where nobody kept the jar
 * @param models the versions in the state, the one in charge last
 * @param valid opened, and every file is there
 * @param problems why it is not
 */
record SavepointView(
        String id,
        String path,
        @Nullable String jobId,
        @Nullable String jobName,
        @Nullable String jobVersion,
        List<String> models,
        Instant takenAt,
        long bytes,
        boolean valid,
        List<String> problems) {

    static final List<String> HEAD = List.of("id", "taken", "job", "job version", "models", "size", "valid");

    private static final double MEGABYTE = 1 << 20;

    static SavepointView of(StoredSavepoint savepoint) {
        Optional<JobOrigin> job = savepoint.manifest().map(SavepointManifest::job);
        return new SavepointView(
                savepoint.id(),
                savepoint.path().toString(),
                job.map(JobOrigin::jobId).orElse(null),
                job.map(JobOrigin::jobName).orElse(null),
                job.flatMap(JobOrigin::keptJar).map(JobOrigin.KeptJar::version).orElse(null),
                savepoint.content().releases().stream()
                        .map(release -> release.getModel() + "/" + release.getVersion()
                                + (release.getStage() == ReleaseStage.LIVE ? "" : ":" + release.getStage()))
                        .toList(),
                savepoint.takenAt(),
                savepoint.content().bytes(),
                savepoint.content().isWhole(),
                savepoint.content().problems());
    }

    List<String> row() {
        return List.of(
                id,
                takenAt.truncatedTo(ChronoUnit.SECONDS).toString(),
                jobName == null ? "-" : jobName,
                jobVersion == null ? "-" : jobVersion,
                models.isEmpty() ? "-" : String.join(" ", models),
                String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE),
                valid ? "yes" : "NO");
    }
}
