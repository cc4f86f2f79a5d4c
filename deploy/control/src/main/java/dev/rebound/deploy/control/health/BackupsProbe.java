package dev.rebound.deploy.control.health;

import dev.rebound.deploy.control.backup.BackupStanding;
import dev.rebound.deploy.control.backup.BackupStore;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads which backup of the target counts. A target holds many objects: it is listed every few minutes, and for as long as that
 * takes; ages go on meanwhile.
 */
final class BackupsProbe implements Callable<Observation.Backups> {
    private static final Duration REFRESH = Duration.ofMinutes(5);

    private final @Nullable URI target;
    private final Configuration hadoop;
    private final Duration patience;
    private final Clock clock;
    private @Nullable Future<BackupStanding> reading;
    private @Nullable BackupStanding known;
    private Instant readAt = Instant.MIN;

    /** @param target null where nobody has said it */
    BackupsProbe(@Nullable URI target, Configuration hadoop, Duration patience, Clock clock) {
        this.target = target;
        this.hadoop = hadoop;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public synchronized Observation.Backups call()
            throws NotCheckedException, ExecutionException, InterruptedException {
        if (target == null) {
            throw new NotCheckedException(
                    "nobody has said where they are: give --backup-target, or files.backups of the site's file");
        }
        if (reading == null && !clock.instant().isBefore(nextRead())) {
            reading = begin(target);
        }
        if (reading != null) {
            await(reading);
        }
        if (known == null) {
            throw new NotCheckedException(
                    "reading " + target + " takes longer than " + patience.toSeconds() + " s; it goes on");
        }
        return new Observation.Backups(target.toString(), known);
    }

    private FutureTask<BackupStanding> begin(URI folder) {
        FutureTask<BackupStanding> task = new FutureTask<>(() -> read(folder));
        Thread thread = new Thread(task, "backups-probe");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private Instant nextRead() {
        return known == null ? Instant.MIN : readAt.plus(REFRESH);
    }

    private void await(Future<BackupStanding> running) throws ExecutionException, InterruptedException {
        try {
            known = running.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            readAt = clock.instant();
            reading = null;
        } catch (TimeoutException e) {
            // What was read before holds until then.
        } catch (ExecutionException e) {
            reading = null;
            throw e;
        }
    }

    private BackupStanding read(URI folder) throws IOException {
        try (BackupStore store = BackupStore.open(new Path(folder), hadoop, clock)) {
            return BackupStanding.of(store);
        }
    }
}
