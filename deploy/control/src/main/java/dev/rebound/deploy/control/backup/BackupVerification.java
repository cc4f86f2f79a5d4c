package dev.rebound.deploy.ops.backup;

import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.operators.release.ModelManifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Restores a backup into a scratch folder, reads everything there again, compares it with the manifest, opens each
 * savepoint and checkpoint as Flink would, and holds each model package against its own sums.
 */
final class BackupVerification {
    private final BackupStore store;
    private final Configuration hadoop;
    private final Progress progress;

    BackupVerification(BackupStore store, Configuration hadoop, Progress progress) {
        this.store = store;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    /** @param findings what is wrong; none for a backup that can be relied on */
    record Verified(String id, boolean sound, long files, long bytes, int points, List<String> findings) {}

    /** @param scratch a folder that does not exist; deleted again */
    Verified verify(BackupManifest backup, Path scratch) throws IOException {
        List<String> findings = new ArrayList<>();
        try (Lease lease = store.lease("rebound backup verify", Lease.Use.SHARED);
                Volume volume = Volume.of(scratch, hadoop)) {
            try {
                CopyProgress copied = new CopyProgress(progress, "verified", backup.fileCount(), backup.bytes());
                for (BackupPart part : backup.parts()) {
                    Path root = new Path(scratch, part.name());
                    Set<String> sound = restore(part, volume, root, copied, findings);
                    checkPoints(part, volume, root, sound, findings);
                    checkPackages(part, volume, root, sound, findings);
                }
            } finally {
                volume.files().delete(scratch, true);
            }
            lease.requireHeld();
        }
        int points =
                backup.parts().stream().mapToInt(part -> part.points().size()).sum();
        return new Verified(backup.id(), findings.isEmpty(), backup.fileCount(), backup.bytes(), points, findings);
    }

    /** Restores a part and returns the paths of the files that are what they were. */
    private Set<String> restore(BackupPart part, Volume volume, Path root, CopyProgress copied, List<String> findings)
            throws IOException {
        Set<String> sound = new HashSet<>();
        for (StoredFile file : part.files()) {
            Path path = new Path(root, file.path());
            String where = part.name() + "/" + file.path() + " (object " + file.sha256() + ")";
            try (InputStream object = store.open(file.sha256())) {
                volume.write(object, path, copied::bytes);
            } catch (IOException e) {
                findings.add(where + " can't be restored: " + e.getMessage());
                continue;
            }
            long bytes = volume.files().getFileStatus(path).getLen();
            if (bytes != file.bytes()) {
                findings.add(where + " has " + bytes + " bytes instead of " + file.bytes());
            } else if (!volume.sha256(path).equals(file.sha256())) {
                findings.add(where + " has another content than was backed up");
            } else {
                sound.add(file.path());
            }
            copied.file();
        }
        return sound;
    }

    private static void checkPoints(BackupPart part, Volume volume, Path root, Set<String> sound, List<String> findings)
            throws IOException {
        Set<String> paths = part.files().stream().map(StoredFile::path).collect(Collectors.toSet());
        for (String point : part.points()) {
            String metadata = point + "/" + StatePoint.METADATA;
            if (!sound.contains(metadata)) {
                continue; // Told already.
            }
            try (InputStream in = volume.files().open(new Path(root, metadata))) {
                for (Path needed : CheckpointReferences.of(in, new Path(part.root(), point))) {
                    boolean there = FrozenFolder.below(new Path(part.root()), needed)
                            .filter(paths::contains)
                            .isPresent();
                    if (!there) {
                        findings.add(part.name() + "/" + point + " needs " + needed + ", which is not in the backup");
                    }
                }
            } catch (IOException e) {
                findings.add(part.name() + "/" + point + " can't be opened: " + e.getMessage());
            }
        }
    }

    private static void checkPackages(
            BackupPart part, Volume volume, Path root, Set<String> sound, List<String> findings) throws IOException {
        if (part.kind() != PartKind.MODELS) {
            return;
        }
        Map<String, String> sums =
                part.files().stream().collect(Collectors.toMap(StoredFile::path, StoredFile::sha256));
        for (String path : sound) {
            if (!part.kind().completes(path)) {
                continue;
            }
            String folder = path.substring(0, path.length() - ModelManifest.FILE.length());
            ModelManifest manifest = ModelManifest.fromJson(volume.read(new Path(root, path)));
            manifest.files().forEach((file, sum) -> {
                if (!sum.equals(sums.get(folder + file))) {
                    findings.add(part.name() + "/" + folder + file + " is not what " + ModelManifest.FILE
                            + " says: the package was damaged before the backup");
                }
            });
        }
    }
}
