package dev.rebound.deploy.control.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which backup of a target counts. */
class BackupStandingTest {
    private FilesOfASite site;

    @BeforeEach
    void aSite(@TempDir Path folder) throws IOException {
        site = new FilesOfASite(folder);
        site.model("v1", "weights of v1");
        site.savepoint("savepoint-1", "all users");
        site.write("conf/flink/config.yaml", "state.backend.type: rocksdb");
    }

    @Test
    void aTargetWithoutBackupsHasNoneThatCounts() throws IOException {
        BackupStanding standing = standing();

        assertThat(standing.backups()).isZero();
        assertThat(standing.proven()).isNull();
    }

    @Test
    void onlyAVerifiedBackupCounts() throws IOException {
        BackupManifest verified = site.backUp(BackupKind.FULL);
        site.verify(verified);
        BackupManifest unverified = site.backUp(BackupKind.FULL);

        assertThat(standing().proven()).isEqualTo(new BackupStanding.Proven(verified.id(), verified.startedAt()));

        site.verify(unverified);
        assertThat(standing().proven()).isEqualTo(new BackupStanding.Proven(unverified.id(), unverified.startedAt()));
    }

    @Test
    void anUnsoundNewestBackupIsToldAndTheOneBeforeCounts() throws IOException {
        BackupManifest good = site.backUp(BackupKind.FULL);
        site.verify(good);
        site.savepoint("savepoint-2", "more users");
        BackupManifest damaged = site.backUp(BackupKind.INCREMENTAL);
        Files.writeString(object(damaged, "savepoint-2/keyed"), "MORE users");
        site.verify(damaged);

        BackupStanding standing = standing();

        assertThat(standing.proven()).isNotNull();
        assertThat(standing.proven().id()).isEqualTo(good.id());
        assertThat(standing.unsound()).isNotNull();
        assertThat(standing.unsound().id()).isEqualTo(damaged.id());
        assertThat(standing.unsound().findings()).singleElement().asString().contains("another content");

        site.backUp(BackupKind.FULL);
        site.verify(damaged);
        assertThat(standing().unsound()).as("mended by the full one").isNull();
        assertThat(site.contents("target/verifications")).as("one a backup").hasSize(2);
    }

    @Test
    void whatWasLostSinceItWasVerifiedCountsNoMore() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.verify(backup);
        Files.delete(object(backup, "savepoint-1/keyed"));

        assertThat(standing().proven()).isNull();
    }

    @Test
    void aBackupMadeByAClockThatIsAheadIsAsOldAsTheTargetSays() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.verify(backup);
        Instant written = backup.startedAt().minus(Duration.ofDays(2));
        writtenAt(backup, written);

        assertThat(standing().proven()).isEqualTo(new BackupStanding.Proven(backup.id(), written));
    }

    @Test
    void aBackupOfTheFutureDoesNotHideTheOneBefore() throws IOException {
        BackupManifest before = site.backUp(BackupKind.FULL);
        site.verify(before);
        site.passes(Duration.ofDays(2));
        BackupManifest ofTheFuture = site.backUp(BackupKind.FULL);
        site.verify(ofTheFuture);
        site.passes(Duration.ofDays(-1));

        BackupStanding standing = standing();

        assertThat(standing.proven()).isNotNull();
        assertThat(standing.proven().id()).isEqualTo(before.id());
        assertThat(standing.ahead()).containsExactly(ofTheFuture.id());
    }

    @Test
    void clocksMayDifferALittleAndNoAgeIsNegative() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.verify(backup);
        site.passes(BackupStanding.CLOCKS_AGREE.minusMinutes(1).negated());

        BackupStanding standing = standing();

        assertThat(standing.ahead()).isEmpty();
        assertThat(standing.proven()).isNotNull();
        assertThat(standing.proven().age(backup.startedAt().minusSeconds(60))).isZero();
    }

    @Test
    void aVerificationThatCouldNotLookLeavesTheRecordBefore() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.verify(backup);
        // The scratch folder of each part cannot be made: its name is taken by a file.
        BackupVerification.Verified verified = verify(backup, "conf/flink/config.yaml/scratch");

        assertThat(verified.sound()).isFalse();
        assertThat(verified.findings()).isEmpty();
        assertThat(verified.unread()).hasSize((int) backup.fileCount());
        assertThat(standing().proven()).isNotNull();
    }

    @Test
    void aPrunedBackupTakesItsRecordAlong() throws IOException {
        site.verify(site.backUp(BackupKind.FULL));
        BackupManifest kept = site.backUp(BackupKind.FULL);
        site.verify(kept);

        site.prune(1);

        assertThat(site.contents("target/verifications").keySet())
                .singleElement()
                .asString()
                .startsWith(kept.id());
    }

    @Test
    void aRecordThatCannotBeReadIsNamed() {
        site.write("target/verifications/x.y.json", "{\"format\":1,");

        assertThatThrownBy(this::standing)
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("verifications/x.y.json")
                .hasMessageContaining("verify that backup again");
    }

    private BackupStanding standing() throws IOException {
        try (BackupStore store = site.store()) {
            return BackupStanding.of(store);
        }
    }

    private BackupVerification.Verified verify(BackupManifest backup, String scratch) throws IOException {
        try (BackupStore store = site.store()) {
            return new BackupVerification(store, FilesOfASite.HADOOP, site.said::add)
                    .verify(backup, site.hadoop(scratch));
        }
    }

    private void writtenAt(BackupManifest backup, Instant at) throws IOException {
        Files.setLastModifiedTime(site.path("target/backups/" + backup.id() + ".json"), FileTime.from(at));
    }

    private Path object(BackupManifest backup, String path) {
        String sum = backup.files()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .sha256();
        return site.path("target/objects/" + sum.substring(0, 2) + "/" + sum);
    }
}
