package dev.rebound.deploy.control.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup as commands tell of it.
 *
 * @param bytes of all files, which a restore writes
 * @param copiedBytes what making it wrote to the target
 * @param missingObjects objects that are not there; a backup with any is damaged and not offered for restore
 * @param points folders, where they were, that a job can be started from
 */
public record BackupView(
        String id,
        BackupKind kind,
        Instant finishedAt,
        @Nullable String basedOn,
        long files,
        long bytes,
        long copiedFiles,
        long copiedBytes,
        double seconds,
        long missingObjects,
        List<String> points,
        List<String> skipped) {

    public static final List<String> HEAD = List.of("id", "kind", "made", "files", "bytes", "copied", "state");

    public static BackupView of(BackupManifest backup, Map<String, Long> objects) {
        return new BackupView(
                backup.id(),
                backup.kind(),
                backup.finishedAt(),
                backup.basedOn(),
                backup.fileCount(),
                backup.bytes(),
                backup.copiedFiles(),
                backup.copiedBytes(),
                Duration.between(backup.startedAt(), backup.finishedAt()).toMillis() / 1000.0,
                BackupStore.missing(backup, objects).size(),
                backup.parts().stream()
                        .flatMap(part -> part.points().stream().map(point -> part.root() + "/" + point))
                        .toList(),
                backup.skipped());
    }

    public List<String> row() {
        return List.of(
                id,
                kind.name().toLowerCase(Locale.ROOT),
                finishedAt.toString(),
                Long.toString(files),
                Bytes.text(bytes),
                Bytes.text(copiedBytes),
                missingObjects == 0 ? "whole" : "damaged: " + missingObjects + " objects missing");
    }

    /** One line on what it cost. */
    public String cost() {
        return String.format(
                Locale.ROOT,
                "Backup %s (%s): %d files, %s; copied %d files, %s in %.1f s",
                id,
                basedOn == null ? "full" : "incremental to " + basedOn,
                files,
                Bytes.text(bytes),
                copiedFiles,
                Bytes.text(copiedBytes),
                seconds);
    }
}
