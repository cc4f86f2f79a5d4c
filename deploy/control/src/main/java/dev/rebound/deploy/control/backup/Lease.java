package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code prune}, which deletes, apart from all that reads or adds objects. A lease is a file in the target's
 * {@code leases/} with its owner and when it ends; it is renewed as long as its process lives.
 *
 * <p>Everybody writes the own lease first and looks at the others' then, and gives way on a conflict. Of two that come at
 * once at least one sees the other; both may, and then both give way. No atomic creation is needed, which not every
 * Hadoop file system has. Ends are by the owner's clock: those of all users of a target must agree to within {@link
 * #VALID}.
 */
public final class Lease implements AutoCloseable {
    static final Duration VALID = Duration.ofMinutes(10);

    /** Who may hold one beside it. */
    public enum Use {
        /** For making, checking and restoring backups: any number at a time. */
        SHARED,
        /** For deleting objects: alone. */
        EXCLUSIVE
    }

    /**
     * @param owner what it is for, and where it runs
     * @param holder null in what an earlier version wrote
     */
    private record Entry(
            String owner,
            Use use,
            Instant since,
            Instant until,
            @Nullable LeaseHolder holder) {

        boolean isOver(Instant now) {
            return !until.isAfter(now) || (holder != null && holder.isGone());
        }
    }

    private final Duration valid;
    private final Volume volume;
    private final Path file;
    private final Path temporary;
    private final Clock clock;
    private final String owner;
    private final Use use;
    private final Instant since;
    private final ScheduledExecutorService renewal;
    private volatile Instant until;
    private @Nullable ScheduledFuture<?> renewals;

    private Lease(Volume volume, Path file, Clock clock, String owner, Use use, Duration valid) {
        this.valid = valid;
        this.volume = volume;
        this.file = file;
        // Not in tmp/, which a prune empties before this one gives way to it.
        this.temporary = new Path(file.getParent(), "." + file.getName());
        this.clock = clock;
        this.owner = owner;
        this.use = use;
        this.since = clock.instant();
        this.until = since;
        this.renewal = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lease-" + file.getName());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param folder of all leases of a target
     * @throws CommandFailedException if another lease is in the way
     */
    static Lease take(Volume volume, Path folder, String name, String owner, Use use, Clock clock) throws IOException {
        return take(volume, folder, name, owner, use, clock, VALID);
    }

    /**
     * @param valid for how long after its last renewal it is in the way of others; by whose clocks, see above
     * @throws CommandFailedException if another lease is in the way
     */
    public static Lease take(
            Volume volume, Path folder, String name, String owner, Use use, Clock clock, Duration valid)
            throws IOException {
        Lease lease = new Lease(volume, new Path(folder, name + ".json"), clock, owner, use, valid);
        try {
            lease.write();
            lease.requireAlone(folder);
            long everyMillis = valid.toMillis() / 4;
            lease.renewals =
                    lease.renewal.scheduleWithFixedDelay(lease::renew, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
            return lease;
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private void requireAlone(Path folder) throws IOException {
        List<String> inTheWay = new ArrayList<>();
        for (FileStatus other : volume.filesBelow(folder)) {
            String name = other.getPath().getName();
            if (name.equals(file.getName()) || name.startsWith(".")) {
                continue;
            }
            Entry entry = read(other.getPath());
            if (entry == null) {
                continue;
            }
            if (entry.isOver(clock.instant())) {
                if (use == Use.EXCLUSIVE) {
                    // Whoever lost it must notice before a manifest of theirs counts: see BackupCreation.
                    volume.files().delete(other.getPath(), false);
                }
            } else if (use == Use.EXCLUSIVE || entry.use() == Use.EXCLUSIVE) {
                inTheWay.add(entry.owner() + ", since " + entry.since() + ", lease until " + entry.until());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw new CommandFailedException(owner + " cannot go on beside: " + String.join("; ", inTheWay)
                    + ". Try again when that has ended; what no longer runs is out of the way when its lease ends");
        }
    }

    /** Null for one that was given back meanwhile. */
    private @Nullable Entry read(Path path) throws IOException {
        try {
            return BackupManifest.JSON.readValue(volume.read(path), Entry.class);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private void write() throws IOException {
        Instant end = clock.instant().plus(valid);
        volume.write(
                BackupManifest.JSON.writeValueAsBytes(new Entry(owner, use, since, end, LeaseHolder.ofThisProcess())),
                temporary);
        volume.replace(temporary, file);
        until = end;
    }

    private void renew() {
        try {
            if (held()) {
                write();
            }
        } catch (IOException | RuntimeException e) {
            // It is tried again before the lease ends; once it has ended, requireHeld says so.
        }
    }

    private boolean held() throws IOException {
        return until.isAfter(clock.instant()) && volume.files().exists(file);
    }

    /** @throws CommandFailedException if the lease ended, so that others may have deleted what this one relies on */
    void requireHeld() throws IOException {
        if (!held()) {
            throw new CommandFailedException(owner + " was cut off from " + file.getParent() + " for longer than "
                    + valid.toMinutes() + " min and lost its lease; nothing of it counts. Start it again");
        }
    }

    @Override
    public void close() {
        if (renewals != null) {
            renewals.cancel(false);
        }
        renewal.shutdown();
        try {
            if (renewal.awaitTermination(1, TimeUnit.MINUTES)) {
                volume.files().delete(file, false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // It ends by itself.
        }
    }
}
