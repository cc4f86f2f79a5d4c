package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.backup.Lease;
import dev.rebound.deploy.control.backup.Volume;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * Keeps apart what changes which jobs run on a site: a second upgrade or rollback would stop what the first one has just
 * started. One at a time holds a lease in {@code changes/} beside the savepoints; that of a process that died ends by itself, on the
 * same machine at once.
 */
public final class JobChange implements AutoCloseable {
    static final String FOLDER = "changes";
    private static final Duration VALID = Duration.ofMinutes(2);

    private final Volume volume;
    private final Lease lease;

    private JobChange(Volume volume, Lease lease) {
        this.volume = volume;
        this.lease = lease;
    }

    /**
     * @param what is done, for who is refused meanwhile
     * @throws CommandFailedException if another change is under way, naming it
     */
    public static JobChange begin(Site site, String what) {
        Path root = new Path(site.files().root().toUri());
        Volume volume = Volume.of(root, site.files().hadoop());
        try {
            String owner = "`" + what + "` by " + System.getProperty("user.name", "") + " on "
                    + InetAddress.getLocalHost().getHostName() + ", process "
                    + ProcessHandle.current().pid();
            return new JobChange(
                    volume,
                    Lease.take(
                            volume,
                            new Path(root, FOLDER),
                            UUID.randomUUID().toString(),
                            owner,
                            Lease.Use.EXCLUSIVE,
                            Clock.systemUTC(),
                            VALID));
        } catch (IOException e) {
            volume.close();
            throw new CommandFailedException(
                    "Can't see whether another changes the jobs of the site, in " + new Path(root, FOLDER) + ": "
                            + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            volume.close();
            throw e;
        }
    }

    @Override
    public void close() {
        lease.close();
        volume.close();
    }
}
