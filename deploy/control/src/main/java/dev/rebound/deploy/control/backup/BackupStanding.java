package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which backup of a target can be relied on: the youngest that is whole and that its newest verification found sound.
 *
 * @param backups how many there are, verified or not
 * @param proven null if there is none
 * @param unsound of the newest backup, if its newest verification found it not to be sound
 * @param ahead ids of backups that would count if they were not of the future
 */
public record BackupStanding(
        int backups, @Nullable Proven proven, @Nullable VerificationRecord unsound, List<String> ahead) {

    /** By how much the clocks of those who use a target may differ. */
    public static final Duration CLOCKS_AGREE = Lease.VALID;

    /**
     * A backup that was verified.
     *
     * @param madeAt what changed before is in it
     */
    public record Proven(String id, Instant madeAt) {
        /** Never below zero. */
        public Duration age(Instant now) {
            Duration age = Duration.between(madeAt, now);
            return age.isNegative() ? Duration.ZERO : age;
        }
    }

    /** Looks at every manifest, record and the list of objects of a target. */
    public static BackupStanding of(BackupStore store) throws IOException {
        Map<String, Long> objects = store.objects();
        Map<String, VerificationRecord> verified = store.verifications();
        List<BackupStore.Stored> backups = store.stored();
        Instant latest = store.now().plus(CLOCKS_AGREE);
        List<Proven> proven = new ArrayList<>();
        List<String> ahead = new ArrayList<>();
        for (BackupStore.Stored backup : backups) {
            VerificationRecord record = verified.get(backup.manifest().id());
            if (record == null
                    || !record.sound()
                    || !BackupStore.missing(backup.manifest(), objects).isEmpty()) {
                continue;
            }
            Instant madeAt = madeAt(backup);
            if (madeAt.isAfter(latest)) {
                ahead.add(backup.manifest().id());
            } else {
                proven.add(new Proven(backup.manifest().id(), madeAt));
            }
        }
        return new BackupStanding(
                backups.size(),
                proven.stream().max(Comparator.comparing(Proven::madeAt)).orElse(null),
                newest(backups)
                        .map(backup -> verified.get(backup.id()))
                        .filter(record -> !record.sound())
                        .orElse(null),
                ahead);
    }

    private static Optional<BackupManifest> newest(List<BackupStore.Stored> backups) {
        return backups.stream()
                .max(Comparator.comparing(BackupStanding::madeAt))
                .map(BackupStore.Stored::manifest);
    }

    /**
     * By the clock of whoever made it, or by that of the target if that is earlier: a backup that was made by a clock which is
     * ahead would be young for too long.
     */
    private static Instant madeAt(BackupStore.Stored backup) {
        Instant begun = backup.manifest().startedAt();
        return begun.isAfter(backup.writtenAt()) ? backup.writtenAt() : begun;
    }
}
