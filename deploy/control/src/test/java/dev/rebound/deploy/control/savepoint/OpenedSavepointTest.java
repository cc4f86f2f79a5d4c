package dev.rebound.deploy.control.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Savepoints as Flink writes them, with keyed state in one file of 100 bytes. */
class OpenedSavepointTest {
    private static final JobOrigin JOB =
            new JobOrigin("j1", "rebound-test", null, null, Map.of("a", "b"), null, Instant.EPOCH);

    @TempDir
    private Path root;

    private Path folder;
    private Path state;

    @BeforeEach
    void writeASavepoint() throws IOException {
        folder = Files.createDirectories(root.resolve("savepoints/savepoint-1"));
        state = Files.write(folder.resolve("state"), new byte[100]);
        OperatorState users = new OperatorState("users", "user-features", new OperatorID(1, 2), 1, 128);
        users.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(new KeyGroupsStateHandle(
                                new KeyGroupRangeOffsets(KeyGroupRange.of(0, 127)),
                                new FileStateHandle(new org.apache.flink.core.fs.Path(state.toUri()), 100)))
                        .build());
        try (OutputStream out = Files.newOutputStream(folder.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(7, List.of(users), List.of()), out);
        }
    }

    @Test
    void aWholeOneTellsItsOperatorsAndItsSize() throws IOException {
        OpenedSavepoint opened = open();

        assertThat(opened.problems()).isEmpty();
        assertThat(opened.bytes()).isEqualTo(100 + Files.size(folder.resolve("_metadata")));
        assertThat(opened.operators()).singleElement().satisfies(operator -> {
            assertThat(operator.uid()).isEqualTo("user-features");
            assertThat(operator.maxParallelism()).isEqualTo(128);
            assertThat(operator.bytes()).isEqualTo(100);
        });
    }

    @Test
    void oneWhoseFileIsShorterIsNotWhole() throws IOException {
        Files.write(state, new byte[99]);

        assertThat(open().problems()).singleElement().asString().contains("has 99 bytes, must have 100");
    }

    @Test
    void oneWhoseFileIsGoneIsNotWhole() throws IOException {
        Files.delete(state);

        assertThat(open().problems()).singleElement().asString().contains("state is missing");
    }

    @Test
    void oneWithoutMetadataWasNeverCompleted() throws IOException {
        Files.delete(folder.resolve("_metadata"));

        assertThat(open().problems()).singleElement().asString().contains("never completed");
    }

    @Test
    void oneWithOtherBytesForMetadataIsNotWhole() throws IOException {
        Files.write(folder.resolve("_metadata"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

        assertThat(open().problems()).singleElement().asString().contains("can't be read");
    }

    @Test
    void theManifestIsFoundAgainByNameAndPath() {
        SavepointStore store = store();
        StoredSavepoint described = store.describe(folder.toUri().toString(), JOB, Instant.EPOCH, true);

        assertThat(store.find("1").manifest()).isEqualTo(described.manifest());
        assertThat(store.find(folder.toUri().toString()).manifest()).isEqualTo(described.manifest());
        assertThat(store.list()).hasSize(1);
        assertThatThrownBy(() -> store.find("2"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("rebound job savepoints");
    }

    @Test
    void oneThatIsNotWholeGetsNoManifest() throws IOException {
        Files.delete(state);

        assertThatThrownBy(() -> store().describe(folder.toUri().toString(), JOB, Instant.EPOCH, true))
                .isInstanceOf(CommandFailedException.class);
        assertThat(store().find("1").manifest()).isEmpty();
    }

    private SavepointStore store() {
        return new SavepointStore(new org.apache.flink.core.fs.Path(root.toUri()));
    }

    private OpenedSavepoint open() {
        return OpenedSavepoint.open(new org.apache.flink.core.fs.Path(folder.toUri()));
    }
}
