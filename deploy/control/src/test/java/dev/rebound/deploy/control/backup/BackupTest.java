package dev.rebound.deploy.control.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making, checking and restoring backups of a local folder. */
class BackupTest {
    private FilesOfASite site;

    @BeforeEach
    void aSite(@TempDir Path folder) throws IOException {
        site = new FilesOfASite(folder);
        site.model("v1", "weights of v1");
        site.savepoint("savepoint-1", "all users");
        site.shared("job", "1.sst", "users 1 to 1000");
        site.checkpoint("job", 7, List.of("1.sst"), "manifest of 7");
        site.write("conf/flink/config.yaml", "state.backend.type: rocksdb");
    }

    @Test
    void aFullBackupIsRestoredToWhereItWas() throws IOException {
        Map<String, String> before = everything();
        BackupManifest backup = site.backUp(BackupKind.FULL);
        for (String part : List.of("models", "savepoints", "checkpoints", "conf")) {
            site.delete(part);
        }

        BackupRestoration.Restored restored = restore(backup, null);

        assertThat(everything()).isEqualTo(before);
        assertThat(restored.files()).isEqualTo(backup.fileCount());
        assertThat(restored.points())
                .containsExactly(
                        site.hadoop("savepoints/savepoint-1").toString(),
                        site.hadoop("checkpoints/job/chk-7").toString());
        assertThat(backup.copiedBytes()).isEqualTo(backup.bytes());
        assertThat(site.verify(backup).sound()).isTrue();
    }

    @Test
    void anIncrementalBackupCopiesOnlyWhatIsNew() throws IOException {
        BackupManifest full = site.backUp(BackupKind.FULL);
        site.shared("job", "2.sst", "users 1001 to 1100");
        site.checkpoint("job", 8, List.of("1.sst", "2.sst"), "manifest of 8");

        BackupManifest incremental = site.backUp(BackupKind.INCREMENTAL);

        assertThat(incremental.basedOn()).isEqualTo(full.id());
        // The new shared file, the checkpoint's own and its metadata.
        assertThat(incremental.copiedFiles()).isEqualTo(3);
        assertThat(incremental.copiedBytes())
                .isEqualTo(Files.size(site.path("checkpoints/job/shared/2.sst"))
                        + Files.size(site.path("checkpoints/job/chk-8/own"))
                        + Files.size(site.path("checkpoints/job/chk-8/_metadata")));
        assertThat(incremental.bytes()).isGreaterThan(full.bytes());
        assertThat(site.verify(incremental).findings()).isEmpty();
        assertThat(site.backUp(BackupKind.INCREMENTAL).copiedBytes()).isZero();
    }

    @Test
    void theFirstBackupIsFullWhateverWasAsked() throws IOException {
        BackupManifest first = site.backUp(BackupKind.INCREMENTAL);

        assertThat(first.kind()).isEqualTo(BackupKind.FULL);
        assertThat(site.said).anyMatch(line -> line.contains("this one is full"));
    }

    @Test
    void aChangedFileOfTheSameSizeIsCopied() throws IOException {
        site.backUp(BackupKind.FULL);
        Path file = site.write("conf/flink/config.yaml", "state.backend.type: hashmap");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        BackupManifest incremental = site.backUp(BackupKind.INCREMENTAL);

        assertThat(incremental.copiedFiles()).isEqualTo(1);
        assertThat(incremental.copiedBytes()).isEqualTo(Files.size(file));
    }

    @Test
    void aBackupWithoutManifestIsNeverOffered() throws IOException {
        site.write("target/objects/ab/abcd", "an object of a broken backup");
        site.write("target/tmp/x", "{\"format\":1,\"id\":");

        try (BackupStore store = site.store()) {
            assertThat(store.manifests()).isEmpty();
            assertThat(store.newestWhole()).isEmpty();
            assertThatThrownBy(() -> store.find(null))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("rebound backup create --full");
        }
    }

    @Test
    void aFailureWhileCopyingLeavesNoBackup() throws IOException {
        // An object's folder that cannot be made: its name is taken by a file.
        for (int i = 0; i < 256; i++) {
            site.write("target/objects/" + String.format("%02x", i), "in the way");
        }

        assertThatThrownBy(() -> site.backUp(BackupKind.FULL)).isInstanceOf(IOException.class);

        try (BackupStore store = site.store()) {
            assertThat(store.manifests()).isEmpty();
        }
        assertThat(site.contents("target/leases")).isEmpty();
    }

    @Test
    void verifyNeedsNothingOfTheSiteThatIsLost() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        for (String part : List.of("models", "savepoints", "checkpoints", "conf")) {
            site.delete(part);
        }

        assertThat(site.verify(backup).findings()).isEmpty();
    }

    @Test
    void verifyFindsAChangedObject() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        Path object = object(backup, "savepoint-1/keyed");
        Files.writeString(object, "ALL users");

        BackupVerification.Verified verified = site.verify(backup);

        assertThat(verified.sound()).isFalse();
        assertThat(verified.findings())
                .singleElement()
                .asString()
                .startsWith("savepoints/savepoint-1/keyed")
                .contains("another content");
        assertThat(site.path("scratch")).doesNotExist();
        assertThatThrownBy(() -> restore(backup, "elsewhere")).hasMessageContaining("has the SHA-256");
        assertThat(site.path("elsewhere/savepoints/savepoint-1/_metadata"))
                .as("what completes a savepoint")
                .doesNotExist();
    }

    @Test
    void aDamagedBackupIsPassedOverAndMendedByTheNextFullOne() throws IOException {
        BackupManifest good = site.backUp(BackupKind.FULL);
        site.savepoint("savepoint-2", "more users");
        BackupManifest damaged = site.backUp(BackupKind.INCREMENTAL);
        Files.delete(object(damaged, "savepoint-2/keyed"));

        try (BackupStore store = site.store()) {
            assertThat(store.newestWhole()).map(BackupManifest::id).isEqualTo(Optional.of(good.id()));
            assertThat(BackupStore.missing(damaged, store.objects())).hasSize(1);
        }
        assertThatThrownBy(() -> restore(damaged, "elsewhere")).hasMessageContaining("is damaged");
        site.backUp(BackupKind.FULL);
        assertThat(site.verify(damaged).sound()).isTrue();
    }

    @Test
    void anObjectThatHasRottenIsMendedByTheNextFullBackup() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        Files.writeString(object(backup, "savepoint-1/keyed"), "ALL users");

        site.backUp(BackupKind.FULL);

        assertThat(site.verify(backup).findings()).isEmpty();
    }

    @Test
    void aFileThatItsFileSystemKnowsToHaveRottenIsNotBackedUp() throws IOException {
        try (FileSystem files = FileSystem.newInstance(site.hadoop("conf").toUri(), FilesOfASite.HADOOP)) {
            try (OutputStream out = files.create(site.hadoop("conf/flink/masters"))) {
                out.write("jobmanager".getBytes(StandardCharsets.UTF_8));
            }
        }
        site.write("conf/flink/masters", "JOBMANAGER");

        assertThatThrownBy(() -> site.backUp(BackupKind.FULL)).isInstanceOf(ChecksumException.class);

        try (BackupStore store = site.store()) {
            assertThat(store.manifests()).isEmpty();
        }
    }

    @Test
    void verifyFindsAPackageThatWasDamagedBefore() throws IOException {
        site.write("models/ranker/v1/weights.bin", "other weights");

        assertThat(site.verify(site.backUp(BackupKind.FULL)).findings())
                .singleElement()
                .asString()
                .contains("models/ranker/v1/weights.bin is not what model.json says");
    }

    @Test
    void restoreRefusesToWriteOverAnotherContentAndWritesNothing() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.delete("savepoints");
        site.write("conf/flink/config.yaml", "changed since");

        assertThatThrownBy(() -> restore(backup, null))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("Move them away");

        assertThat(site.path("savepoints")).doesNotExist();
        assertThat(site.contents("conf")).containsEntry("flink/config.yaml", "changed since");
    }

    @Test
    void restoreLeavesWhatIsThereAndTheSame() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        site.delete("models/ranker/v1");

        BackupRestoration.Restored restored = restore(backup, null);

        assertThat(restored.files()).isEqualTo(2);
        assertThat(restored.present()).isEqualTo(backup.fileCount() - 2);
        assertThat(site.contents("models")).containsEntry("ranker/v1/weights.bin", "weights of v1");
    }

    @Test
    void savepointsAreRestoredElsewhereAndCheckpointsAreNot() throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        try (BackupStore store = site.store()) {
            BackupRestoration restoration = new BackupRestoration(store, FilesOfASite.HADOOP, site.said::add);

            assertThatThrownBy(
                            () -> restoration.restore(backup, EnumSet.allOf(PartKind.class), site.hadoop("elsewhere")))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("absolute paths");
            restoration.restore(backup, EnumSet.of(PartKind.SAVEPOINTS), site.hadoop("elsewhere"));
        }

        assertThat(site.contents("elsewhere/savepoints")).isEqualTo(site.contents("savepoints"));
    }

    @Test
    void onlyTheNewestWholeCheckpointOfAJobIsTaken() throws IOException {
        site.checkpoint("job", 8, List.of("1.sst", "lost.sst"), "manifest of 8");
        site.write("checkpoints/job/chk-9/own", "in progress: no metadata yet");
        site.checkpoint("job", 10, List.of("1.sst"), "manifest of 10");
        Files.write(site.path("checkpoints/job/chk-10/_metadata"), new byte[] {0x49, 0x60, 0x67, 0x2d, 0, 0, 0, 4, 9});

        BackupManifest backup = site.backUp(BackupKind.FULL);

        assertThat(part(backup, PartKind.CHECKPOINTS).points()).containsExactly("job/chk-7");
        assertThat(part(backup, PartKind.CHECKPOINTS).files())
                .extracting(StoredFile::path)
                .containsExactlyInAnyOrder("job/chk-7/_metadata", "job/chk-7/own", "job/shared/1.sst");
        assertThat(backup.skipped()).hasSize(2);
        assertThat(backup.skipped()).anyMatch(reason -> reason.contains("chk-8") && reason.contains("lost.sst"));
        assertThat(backup.skipped()).anyMatch(reason -> reason.contains("chk-10") && reason.contains("can't be read"));
    }

    @Test
    void unfinishedSavepointsAndPackagesAreLeftOut() throws IOException {
        site.write("savepoints/savepoint-2/keyed", "half");
        site.write("models/ranker/.v2.tmp/model.json", "{}");
        site.write("models/ranker/v3/weights.bin", "no manifest yet");

        BackupManifest backup = site.backUp(BackupKind.FULL);

        assertThat(part(backup, PartKind.SAVEPOINTS).points()).containsExactly("savepoint-1");
        assertThat(part(backup, PartKind.MODELS).files())
                .extracting(StoredFile::path)
                .containsExactlyInAnyOrder("ranker/v1/model.json", "ranker/v1/weights.bin");
    }

    @Test
    void filesOfSecretsAreLeftOutAndNamed() throws IOException {
        site.write("conf/job.keytab", "key");
        site.write("conf/kafka.properties", "sasl.jaas.config=login password=\"open\";\n");
        site.write("conf/config.yaml", "taskmanager.numberOfTaskSlots: 2\nsecurity.ssl.rest.key-password: open\n");
        site.write("conf/ssl-client.xml", """
            <configuration><property>
              <name>ssl.client.keystore.password</name>
              <value>open</value>
            </property></configuration>
            """);
        site.write(
                "conf/site.yaml",
                "flink:\n  key-store: {file: a.p12, password: \"${env:P}\"}\n  password: ${env:FLINK_PASSWORD}\n");

        site.write("conf/other-site.yaml", "flink:\n  key-store: {file: a.p12, password: open}\n");

        BackupManifest backup = site.backUp(BackupKind.FULL);

        assertThat(part(backup, PartKind.CONFIGURATION).files())
                .extracting(StoredFile::path)
                .contains("site.yaml")
                .doesNotContain("other-site.yaml", "job.keytab", "kafka.properties", "config.yaml", "ssl-client.xml");
        assertThat(backup.skipped())
                .anyMatch(left -> left.contains("job.keytab"))
                .anyMatch(left -> left.contains("kafka.properties") && left.contains("sasl.jaas.config"))
                .anyMatch(left -> left.contains("config.yaml") && left.contains("security.ssl.rest.key-password"))
                .anyMatch(left -> left.contains("ssl-client.xml") && left.contains("ssl.client.keystore.password"))
                .noneMatch(left -> left.contains("open"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/etc/passwd", "a/../../b", "file:/etc/passwd", ""})
    void aManifestThatNamesAPathOutsideIsRefused(String path) throws IOException {
        BackupManifest backup = site.backUp(BackupKind.FULL);
        StoredFile known = backup.files().findFirst().orElseThrow();
        String forged = new String(backup.toJson(), StandardCharsets.UTF_8)
                .replace("\"" + known.path() + "\"", "\"" + path + "\"");

        assertThatThrownBy(() -> BackupManifest.fromJson(forged.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'" + path + "'");
    }

    @Test
    void nothingToBackUpIsAnError() throws IOException {
        for (String part : List.of("models", "savepoints", "checkpoints", "conf")) {
            site.delete(part);
        }

        assertThatThrownBy(() -> site.backUp(BackupKind.FULL))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("nothing to back up");
    }

    private BackupRestoration.Restored restore(BackupManifest backup, String to) throws IOException {
        EnumSet<PartKind> parts = EnumSet.allOf(PartKind.class);
        if (to != null) {
            parts.remove(PartKind.CHECKPOINTS);
        }
        try (BackupStore store = site.store()) {
            return new BackupRestoration(store, FilesOfASite.HADOOP, site.said::add)
                    .restore(backup, parts, to == null ? null : site.hadoop(to));
        }
    }

    private Path object(BackupManifest backup, String path) {
        String sum = backup.files()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .sha256();
        return site.path("target/objects/" + sum.substring(0, 2) + "/" + sum);
    }

    private static BackupPart part(BackupManifest backup, PartKind kind) {
        return backup.parts().stream()
                .filter(part -> part.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (String part : List.of("models", "savepoints", "checkpoints", "conf")) {
            site.contents(part).forEach((path, content) -> all.put(part + "/" + path, content));
        }
        return all;
    }
}
