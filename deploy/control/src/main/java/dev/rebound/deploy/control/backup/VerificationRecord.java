package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What a verification found, kept beside the backups for whoever asks later. One that could not look at everything says
 * nothing of the backup and leaves none.
 *
 * @param format of this record; a newer one is refused
 * @param id of the backup
 * @param findings what is wrong, the first ones
 * @param verifiedBy user and host
 */
public record VerificationRecord(
        int format, String id, Instant verifiedAt, boolean sound, List<String> findings, String verifiedBy) {

    private static final int FORMAT = 1;
    private static final int MOST_FINDINGS = 20;

    static VerificationRecord of(BackupVerification.Verified verified, Instant at) {
        return new VerificationRecord(
                FORMAT,
                verified.id(),
                at,
                verified.sound(),
                verified.findings().stream().limit(MOST_FINDINGS).toList(),
                BackupStore.whoAndWhere());
    }

    /** @throws IOException if the bytes are no record of a format that this version knows */
    static VerificationRecord fromJson(byte[] json) throws IOException {
        int format = BackupManifest.JSON.readTree(json).path("format").asInt();
        if (format != FORMAT) {
            throw new IOException("it is of format " + format + " and this version reads format " + FORMAT);
        }
        return BackupManifest.JSON.readValue(json, VerificationRecord.class);
    }
}
