package dev.rebound.deploy.control.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which backups stay: the newest ones by count, and all that are young enough.
 *
 * @param keep how many of the newest stay at least, 1 or more
 * @param keepWithin younger ones stay too; null to go by count alone
 */
public record BackupRetention(int keep, @Nullable Duration keepWithin) {

    public BackupRetention {
        if (keep < 1) {
            throw new IllegalArgumentException("--keep is " + keep + "; at least 1 backup must stay");
        }
    }

    /**
     * What goes. A damaged backup does not count as one that is kept, so that without enough whole ones nothing goes.
     *
     * @param newestFirst all backups
     * @param whole whether nothing of a backup is missing
     */
    List<BackupManifest> expired(List<BackupManifest> newestFirst, Predicate<BackupManifest> whole, Instant now) {
        List<BackupManifest> expired = new ArrayList<>();
        int kept = 0;
        for (BackupManifest backup : newestFirst) {
            boolean young =
                    keepWithin != null && backup.finishedAt().plus(keepWithin).isAfter(now);
            if (kept >= keep && !young) {
                expired.add(backup);
            } else if (whole.test(backup)) {
                kept++;
            }
        }
        return expired;
    }
}
