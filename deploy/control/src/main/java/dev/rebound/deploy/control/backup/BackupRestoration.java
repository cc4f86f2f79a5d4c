package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a backup back. What is there already and the same stays; what is there and another is never written over.
 *
 * <p>Each file appears under its name when its sum was right, and the file that completes a package or a savepoint after
 * its others: nobody finds half of one.
 */
public final class BackupRestoration {
    private static final int NAMED = 5;

    private final BackupStore store;
    private final Configuration hadoop;
    private final Progress progress;

    public BackupRestoration(BackupStore store, Configuration hadoop, Progress progress) {
        this.store = store;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    /**
     * @param points savepoints and checkpoints that a job can now be started from
     * @param present files that were there
     */
    public record Restored(List<String> folders, List<String> points, long files, long bytes, long present) {}

    /**
     * Writes parts of a backup to where they were, or below another folder.
     *
     * @param parts which ones
     * @param to each part becomes the folder of its name in it; null for where they were
     * @throws CommandFailedException if an object is missing, or a file of another content is in the way; nothing is
     *     written then
     */
    public Restored restore(BackupManifest backup, Set<PartKind> parts, @Nullable Path to) throws IOException {
        List<BackupPart> wanted = backup.parts().stream()
                .filter(part -> parts.contains(part.kind()))
                .toList();
        if (to != null && wanted.stream().anyMatch(part -> part.kind() == PartKind.CHECKPOINTS)) {
            throw new CommandFailedException("Checkpoints hold absolute paths and are of use only where they were."
                    + " Restore them without --to, or only the others: --only models,savepoints,configuration");
        }
        try (Lease lease = store.lease("rebound backup restore", Lease.Use.SHARED)) {
            requireWhole(backup);
            Map<BackupPart, Path> roots = new HashMap<>();
            wanted.forEach(part -> roots.put(part, to == null ? new Path(part.root()) : new Path(to, part.name())));
            Restored restored = write(wanted, roots);
            lease.requireHeld();
            return restored;
        }
    }

    private void requireWhole(BackupManifest backup) throws IOException {
        List<StoredFile> missing = BackupStore.missing(backup, store.objects());
        if (!missing.isEmpty()) {
            throw new CommandFailedException("Backup " + backup.id() + " is damaged: " + missing.size()
                    + " of its objects are missing, that of " + missing.get(0).path()
                    + " among them. Restore another one of: rebound backup list --target " + store.root());
        }
    }

    private record Target(BackupPart part, StoredFile file, Volume volume, Path path) {}

    private Restored write(List<BackupPart> parts, Map<BackupPart, Path> roots) throws IOException {
        Map<BackupPart, Volume> volumes = new HashMap<>();
        try {
            List<Target> targets = new ArrayList<>();
            for (BackupPart part : parts) {
                Volume volume = Volume.of(roots.get(part), hadoop);
                volumes.put(part, volume);
                part.files()
                        .forEach(file ->
                                targets.add(new Target(part, file, volume, new Path(roots.get(part), file.path()))));
            }
            targets.sort(Comparator.comparing(
                    target -> target.part().kind().completes(target.file().path())));
            List<Target> toWrite = absent(targets);
            CopyProgress copied = new CopyProgress(progress, "restored", toWrite.size(), bytes(toWrite));
            for (Target target : toWrite) {
                write(target, copied);
            }
            return new Restored(
                    parts.stream().map(part -> roots.get(part).toString()).toList(),
                    parts.stream()
                            .flatMap(part ->
                                    part.points().stream().map(point -> new Path(roots.get(part), point).toString()))
                            .toList(),
                    toWrite.size(),
                    bytes(toWrite),
                    targets.size() - toWrite.size());
        } finally {
            volumes.values().forEach(Volume::close);
        }
    }

    private List<Target> absent(List<Target> targets) throws IOException {
        List<Target> absent = new ArrayList<>();
        List<String> inTheWay = new ArrayList<>();
        for (Target target : targets) {
            if (!target.volume().files().exists(target.path())) {
                absent.add(target);
            } else if (!isSame(target)) {
                inTheWay.add(target.path().toString());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw new CommandFailedException(inTheWay.size()
                    + " files are there with another content and are not written over: "
                    + String.join(", ", inTheWay.subList(0, Math.min(NAMED, inTheWay.size())))
                    + (inTheWay.size() > NAMED ? ", ..." : "")
                    + ". Move them away, or restore to another place with --to");
        }
        return absent;
    }

    private static boolean isSame(Target target) throws IOException {
        return target.volume().files().getFileStatus(target.path()).getLen()
                        == target.file().bytes()
                && target.volume().sha256(target.path()).equals(target.file().sha256());
    }

    private void write(Target target, CopyProgress copied) throws IOException {
        Path temporary = new Path(target.path().getParent(), "." + target.path().getName() + "." + UUID.randomUUID());
        String sum = target.volume().write(store.open(target.file().sha256()), temporary, copied::bytes);
        if (!sum.equals(target.file().sha256())) {
            target.volume().files().delete(temporary, false);
            throw new CommandFailedException("The object of " + target.file().path() + " in " + store.root()
                    + " has the SHA-256 " + sum + " instead of " + target.file().sha256()
                    + ": it was changed after it was written. Restore another backup; what is restored so far stays");
        }
        target.volume().publish(temporary, target.path());
        copied.file();
    }

    private static long bytes(List<Target> targets) {
        return targets.stream().mapToLong(target -> target.file().bytes()).sum();
    }
}
