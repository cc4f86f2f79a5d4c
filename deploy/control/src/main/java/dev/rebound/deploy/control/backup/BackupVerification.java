package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.Progress;
import dev.rebound.operators.release.ModelManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/**
 * Restores a backup into a scratch folder, reads everything there again, compares it with the manifest, opens each
 * savepoint and checkpoint as Flink would, and holds each model package against its own sums.
 */
public final class BackupVerification {
    private final BackupStore store;
    private final Configuration hadoop;
    private final Progress progress;

    public BackupVerification(BackupStore store, Configuration hadoop, Progress progress) {
        this.store = store;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    /**
     * What was found.
     *
     * @param sound whether all of it was looked at, and nothing is wrong
     * @param findings what is wrong
     * @param unread what could not be looked at, and why; that may pass
     */
    public record Verified(
            String id, boolean sound, long files, long bytes, int points, List<String> findings, List<String> unread) {

        /** Whether it says something of the backup, and not of the machines of the moment only. */
        boolean isConclusive() {
            return sound || !findings.isEmpty();
        }
    }

    /**
     * Keeps what it found in the target.
     *
     * @param scratch a folder that does not exist; deleted again
     */
    public Verified verify(BackupManifest backup, Path scratch) throws IOException {
        List<String> findings = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        try (Lease lease = store.lease("rebound backup verify", Lease.Use.SHARED);
                Volume volume = Volume.of(scratch, hadoop)) {
            try {
                CopyProgress copied = new CopyProgress(progress, "verified", backup.fileCount(), backup.bytes());
                for (BackupPart part : backup.parts()) {
                    Path root = new Path(scratch, part.name());
                    Set<String> sound = restore(part, volume, root, copied, findings, unread);
                    checkPoints(part, volume, root, sound, findings);
                    checkPackages(part, volume, root, sound, findings);
                }
            } finally {
                volume.files().delete(scratch, true);
            }
            lease.requireHeld();
            Verified verified = verified(backup, findings, unread);
            if (verified.isConclusive()) {
                store.record(VerificationRecord.of(verified, store.now()));
            }
            return verified;
        }
    }

    private static Verified verified(BackupManifest backup, List<String> findings, List<String> unread) {
        int points =
                backup.parts().stream().mapToInt(part -> part.points().size()).sum();
        return new Verified(
                backup.id(),
                findings.isEmpty() && unread.isEmpty(),
                backup.fileCount(),
                backup.bytes(),
                points,
                findings,
                unread);
    }

    /** Restores a part and returns the paths of the files that are what they were. */
    private Set<String> restore(
            BackupPart part, Volume volume, Path root, CopyProgress copied, List<String> findings, List<String> unread)
            throws IOException {
        Set<String> sound = new HashSet<>();
        for (StoredFile file : part.files()) {
            Path path = new Path(root, file.path());
            String where = part.name() + "/" + file.path() + " (object " + file.sha256() + ")";
            InputStream object;
            try {
                object = store.open(file.sha256());
            } catch (FileNotFoundException e) {
                findings.add(where + " can't be restored: " + e.getMessage());
                continue;
            } catch (IOException e) {
                unread.add(where + " can't be opened now: " + e.getMessage());
                continue;
            }
            try (object) {
                volume.write(object, path, copied::bytes);
            } catch (ChecksumException e) {
                findings.add(where + " can't be restored: " + e.getMessage());
                continue;
            } catch (IOException e) {
                // A full scratch folder, or a target that is away: the backup may be as good as it was.
                unread.add(where + " can't be restored now: " + e.getMessage());
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
