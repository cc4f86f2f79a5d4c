package dev.rebound.deploy.control.health;

import dev.rebound.deploy.control.backup.BackupStanding;
import dev.rebound.deploy.control.backup.VerificationRecord;
import java.time.Duration;
import java.time.Instant;

/** What is wrong with the backups of a site. */
final class BackupSymptoms {
    private BackupSymptoms() {}

    /** @param limit of the age of the newest one that was verified */
    static void find(Reading<Observation.Backups> reading, Duration limit, Findings findings) {
        findings.addIf(reading.problem(), Condition.BACKUPS_UNREADABLE, "backups");
        reading.get().ifPresent(backups -> {
            BackupStanding standing = backups.standing();
            VerificationRecord unsound = standing.unsound();
            if (unsound != null) {
                findings.add(Condition.BACKUP_NOT_SOUND, unsound.id(), unsound(backups.target(), unsound));
            }
            BackupStanding.Proven proven = standing.proven();
            if (proven == null || proven.age(findings.at()).compareTo(limit) > 0) {
                findings.add(Condition.BACKUP_OLD, backups.target(), old(standing, limit, findings.at()));
            }
        });
    }

    private static String unsound(String target, VerificationRecord record) {
        return "the newest backup in " + target + " was verified at " + record.verifiedAt() + ": "
                + record.findings().get(0)
                + (record.findings().size() > 1 ? ", and " + (record.findings().size() - 1) + " more" : "");
    }

    private static String old(BackupStanding standing, Duration limit, Instant now) {
        String allowed = "; allowed are " + limit.toMinutes() + " min";
        BackupStanding.Proven proven = standing.proven();
        if (proven != null) {
            return "the newest one that was verified and is sound, " + proven.id() + ", is "
                    + proven.age(now).toMinutes() + " min old" + allowed + ahead(standing);
        }
        return standing.backups() == 0
                ? "there is none"
                : "none of the " + standing.backups() + " was verified and is sound" + ahead(standing);
    }

    private static String ahead(BackupStanding standing) {
        return standing.ahead().isEmpty()
                ? ""
                : "; of the future, and so not counted: " + String.join(", ", standing.ahead())
                        + ": mend the clock of this machine, or of that which makes backups, and make a new one";
    }
}
