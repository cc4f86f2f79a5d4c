package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.Progress;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * One run after another of: back up, then prune. A run that fails raises an alert, and the next one is tried all the
 * same; the first that succeeds again says so.
 */
public final class ScheduledBackups implements Runnable {
    private final Supplier<BackupStore> stores;
    private final Configuration hadoop;
    private final Supplier<List<BackupSource>> sources;
    private final Duration fullEvery;
    private final BackupRetention retention;
    private final Consumer<Alert> alerts;
    private final Progress progress;
    private int failures;

    /**
     * @param fullEvery how old the newest full backup may be
     * @param alerts may throw: an alert that cannot be delivered is told as progress
     */
    public ScheduledBackups(
            Supplier<BackupStore> stores,
            Configuration hadoop,
            Supplier<List<BackupSource>> sources,
            Duration fullEvery,
            BackupRetention retention,
            Consumer<Alert> alerts,
            Progress progress) {
        this.stores = stores;
        this.hadoop = hadoop;
        this.sources = sources;
        this.fullEvery = fullEvery;
        this.retention = retention;
        this.alerts = alerts;
        this.progress = progress;
    }

    @Override
    public void run() {
        String target = "the target";
        try (BackupStore store = stores.get()) {
            target = store.root().toString();
            BackupManifest backup = new BackupCreation(store, hadoop, progress).create(kind(store), sources.get());
            progress.progress(BackupView.of(backup, store.objects()).cost());
            BackupPruning.Pruned pruned = new BackupPruning(store).prune(retention, false);
            progress.progress(pruned.deleted().size() + " backups and " + Bytes.text(pruned.bytes()) + " deleted, "
                    + pruned.kept().size() + " stay");
            if (failures > 0) {
                raise(AlertSeverity.INFO, target, "BACKUP_SUCCEEDED", "Backups succeed again: " + backup.id(), null);
            }
            failures = 0;
        } catch (IOException | RuntimeException e) {
            failures++;
            raise(
                    AlertSeverity.CRITICAL,
                    target,
                    "BACKUP_FAILED",
                    "Backup to " + target + " failed " + failures + " times in a row: " + e.getMessage()
                            + ". What changed since the last one is lost if its site is; it is tried again at the next"
                            + " time of the schedule",
                    "rebound backup create --incremental --target " + target);
        }
    }

    private BackupKind kind(BackupStore store) throws IOException {
        boolean recentFull = store.manifests().stream()
                .anyMatch(backup -> backup.kind() == BackupKind.FULL
                        && backup.finishedAt().plus(fullEvery).isAfter(store.now()));
        return recentFull ? BackupKind.INCREMENTAL : BackupKind.FULL;
    }

    private void raise(AlertSeverity severity, String target, String reason, String message, @Nullable String command) {
        progress.progress(message);
        Alert alert = Alert.newBuilder()
                .setComponent("backup")
                .setSubject(target)
                .setSeverity(severity)
                .setReason(reason)
                .setMessage(message)
                .setCommand(command)
                .setRaisedAt(System.currentTimeMillis())
                .build();
        try {
            alerts.accept(alert);
        } catch (RuntimeException e) {
            progress.progress("the alert could not be delivered: " + e.getMessage());
        }
    }
}
