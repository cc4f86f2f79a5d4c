package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Deletes backups that are no longer to be kept, and then the objects that no backup needs: mark and sweep. */
public final class BackupPruning {
    private final BackupStore store;

    public BackupPruning(BackupStore store) {
        this.store = store;
    }

    /** @param deleted ids of the backups, the newest first */
    public record Pruned(List<String> deleted, List<String> kept, long objects, long bytes) {}

    /** @param dryRun only tells what would be deleted */
    public Pruned prune(BackupRetention retention, boolean dryRun) throws IOException {
        try (Lease lease = store.lease("rebound backup prune", Lease.Use.EXCLUSIVE)) {
            Map<String, Long> objects = store.objects();
            List<BackupManifest> all = store.manifests();
            List<BackupManifest> expired = retention.expired(
                    all, backup -> BackupStore.missing(backup, objects).isEmpty(), store.now());
            return sweep(all, expired, objects, dryRun, lease);
        }
    }

    private Pruned sweep(
            List<BackupManifest> all,
            List<BackupManifest> expired,
            Map<String, Long> objects,
            boolean dryRun,
            Lease lease)
            throws IOException {
        List<BackupManifest> kept =
                all.stream().filter(backup -> !expired.contains(backup)).toList();
        Set<String> needed = kept.stream()
                .flatMap(BackupManifest::files)
                .map(StoredFile::sha256)
                .collect(Collectors.toSet());
        if (!dryRun) {
            // Backups first: one whose objects are gone must not be offered.
            for (BackupManifest backup : expired) {
                store.delete(backup);
            }
            store.deleteTemporary();
        }
        long count = 0;
        long bytes = 0;
        for (Map.Entry<String, Long> object : objects.entrySet()) {
            if (!needed.contains(object.getKey())) {
                if (!dryRun) {
                    lease.requireHeld();
                    store.deleteObject(object.getKey());
                }
                count++;
                bytes += object.getValue();
            }
        }
        return new Pruned(ids(expired), ids(kept), count, bytes);
    }

    private static List<String> ids(List<BackupManifest> backups) {
        return backups.stream().map(BackupManifest::id).toList();
    }
}
