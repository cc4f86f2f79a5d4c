package dev.rebound.deploy.control.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupPruningTest {
    private FilesOfASite site;

    @BeforeEach
    void aSite(@TempDir Path folder) {
        site = new FilesOfASite(folder);
    }

    @Test
    void whatNewerBackupsNeedStays() throws IOException {
        site.write("conf/constant", "in all");
        site.write("conf/a", "only in the first");
        BackupManifest first = site.backUp(BackupKind.FULL);
        Files.delete(site.path("conf/a"));
        site.write("conf/b", "in the second");
        BackupManifest second = site.backUp(BackupKind.INCREMENTAL);

        BackupPruning.Pruned pruned = site.prune(1);

        assertThat(pruned.deleted()).containsExactly(first.id());
        assertThat(pruned.kept()).containsExactly(second.id());
        assertThat(pruned.objects()).isEqualTo(1);
        assertThat(pruned.bytes()).isEqualTo("only in the first".length());
        assertThat(site.contents("target/objects").values()).containsExactlyInAnyOrder("in all", "in the second");
        assertThat(site.verify(second).sound()).isTrue();
    }

    @Test
    void theNewestStayByCountAndTheYoungByAge() throws IOException {
        site.write("conf/a", "a");
        BackupManifest old = site.backUp(BackupKind.FULL);
        site.passes(Duration.ofDays(10));
        BackupManifest young = site.backUp(BackupKind.INCREMENTAL);
        BackupManifest newest = site.backUp(BackupKind.INCREMENTAL);

        List<BackupManifest> all = List.of(newest, young, old);

        assertThat(new BackupRetention(1, Duration.ofDays(1)).expired(all, backup -> true, newest.finishedAt()))
                .containsExactly(old);
        assertThat(new BackupRetention(1, null).expired(all, backup -> true, newest.finishedAt()))
                .containsExactly(young, old);
        assertThat(new BackupRetention(3, null).expired(all, backup -> true, newest.finishedAt()))
                .isEmpty();
        assertThat(new BackupRetention(1, null).expired(all, backup -> backup.equals(old), newest.finishedAt()))
                .as("a damaged backup does not push out a whole one")
                .isEmpty();
        assertThatThrownBy(() -> new BackupRetention(0, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatBrokenBackupsLeftIsDeleted() throws IOException {
        site.write("conf/a", "a");
        site.backUp(BackupKind.FULL);
        site.write("target/objects/ab/abcd", "never part of a backup");
        site.write("target/tmp/half", "half an object");

        assertThat(site.prune(1).bytes()).isEqualTo("never part of a backup".length());

        assertThat(site.contents("target/objects").values()).containsExactly("a");
        assertThat(site.contents("target/tmp")).isEmpty();
        assertThat(site.contents("target/leases")).isEmpty();
    }

    @Test
    void nothingIsDeletedWhileAManifestCannotBeRead() throws IOException {
        site.write("conf/a", "a");
        BackupManifest backup = site.backUp(BackupKind.FULL);
        Files.writeString(site.path("target/backups/" + backup.id() + ".json"), "{");

        assertThatThrownBy(() -> site.prune(1))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(backup.id());

        assertThat(site.contents("target/objects").values()).containsExactly("a");
    }

    @Test
    void aDryRunDeletesNothing() throws IOException {
        site.write("conf/a", "a");
        site.backUp(BackupKind.FULL);
        site.write("conf/a", "bb");
        site.backUp(BackupKind.INCREMENTAL);
        var before = site.contents("target");

        try (BackupStore store = site.store()) {
            BackupPruning.Pruned pruned = new BackupPruning(store).prune(new BackupRetention(1, null), true);
            assertThat(pruned.deleted()).hasSize(1);
            assertThat(pruned.bytes()).isEqualTo(1);
        }

        assertThat(site.contents("target")).isEqualTo(before);
    }

    @Test
    void pruneGivesWayToABackupInTheMaking() throws IOException {
        site.write("conf/a", "a");
        try (BackupStore store = site.store();
                Lease making = store.lease("rebound backup create", Lease.Use.SHARED)) {
            assertThatThrownBy(() -> site.prune(1))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("cannot go on beside: rebound backup create of");
            making.requireHeld();
            // Others who make or read backups are not in its way.
            site.backUp(BackupKind.FULL);
        }
        site.prune(1);
    }

    @Test
    void aBackupGivesWayToAPrune() throws IOException {
        site.write("conf/a", "a");
        try (BackupStore store = site.store();
                Lease pruning = store.lease("rebound backup prune", Lease.Use.EXCLUSIVE)) {
            assertThatThrownBy(() -> site.backUp(BackupKind.FULL)).hasMessageContaining("rebound backup prune of");
            pruning.requireHeld();
        }
        assertThat(site.backUp(BackupKind.FULL).fileCount()).isEqualTo(1);
    }

    @Test
    void whoLostItsLeaseToAPruneNotices() throws IOException {
        site.write("conf/a", "a");
        site.backUp(BackupKind.FULL);
        try (BackupStore store = site.store();
                Lease stopped = store.lease("rebound backup create", Lease.Use.SHARED)) {
            site.passes(Lease.VALID.plusSeconds(1));
            site.prune(1);

            assertThatThrownBy(stopped::requireHeld)
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("lost its lease");
        }
    }

    @Test
    void backupsMadeBesidePrunesAreWhole() throws Exception {
        site.write("conf/a", "a");
        site.backUp(BackupKind.FULL);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<Integer>> all = List.of(
                    () -> repeat(40, round -> makeOfOwnFolder("conf-1", round)),
                    () -> repeat(40, round -> makeOfOwnFolder("conf-2", round)),
                    () -> repeat(60, round -> site.prune(1)));
            List<Future<Integer>> done = threads.invokeAll(all);
            for (Future<Integer> thread : done) {
                thread.get();
            }
            assertThat(done.get(0).get() + done.get(1).get()).as("backups made").isPositive();
            assertThat(done.get(2).get()).as("prunes").isPositive();
        } finally {
            threads.shutdownNow();
        }
        try (BackupStore store = site.store()) {
            var objects = store.objects();
            assertThat(store.manifests())
                    .isNotEmpty()
                    .allMatch(backup -> BackupStore.missing(backup, objects).isEmpty());
        }
    }

    /** The same contents come and go, so that a backup counts on objects that a prune is about to delete. */
    private void makeOfOwnFolder(String folder, int round) throws IOException {
        site.write(folder + "/changing", "content " + round % 3);
        try (BackupStore store = site.store()) {
            new BackupCreation(store, FilesOfASite.HADOOP, site.said::add)
                    .create(
                            BackupKind.INCREMENTAL,
                            List.of(new BackupSource(PartKind.CONFIGURATION, "configuration", site.hadoop(folder))));
        }
    }

    private interface Step {
        void run(int round) throws IOException;
    }

    /** Returns how often the step was not told to give way. */
    private static int repeat(int rounds, Step step) throws IOException {
        int done = 0;
        for (int round = 0; round < rounds; round++) {
            try {
                step.run(round);
                done++;
            } catch (CommandFailedException e) {
                assertThat(e).hasMessageContaining("cannot go on beside");
            }
        }
        return done;
    }
}
