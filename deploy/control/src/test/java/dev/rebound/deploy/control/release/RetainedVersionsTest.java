package dev.rebound.deploy.control.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedVersionsTest {
    @TempDir
    Path root;

    private static ModelRelease release(String version, ReleaseStage stage, long issuedAt) {
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("hdfs:/models/ranker/" + version)
                .setSha256("0")
                .setStage(stage)
                .setIssuedAt(issuedAt)
                .build();
    }

    /** Writes what a job leaves whose scoring operator held some releases, by Flink's own writers. */
    private void snapshot(String folder, ModelRelease... releases) throws Exception {
        OperatorState scoring = new OperatorState("scoring", "scoring", new OperatorID(1, 2), 1, 128);
        scoring.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(state(releases))
                        .build());
        Path target = Files.createDirectories(root.resolve(folder));
        try (OutputStream out = Files.newOutputStream(target.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(1, List.of(scoring), List.of()), out);
        }
    }

    private static OperatorStateHandle state(ModelRelease... releases) throws Exception {
        RecordCodec<ModelRelease> codec = RecordCodec.of(ModelRelease.class);
        try (CloseableRegistry registry = new CloseableRegistry();
                DefaultOperatorStateBackend backend = new DefaultOperatorStateBackendBuilder(
                                RetainedVersionsTest.class.getClassLoader(),
                                new ExecutionConfig(),
                                false,
                                List.of(),
                                registry)
                        .build()) {
            BroadcastState<Integer, byte[]> state = backend.getBroadcastState(new MapStateDescriptor<>(
                    "releases", IntSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE));
            for (int i = 0; i < releases.length; i++) {
                state.put(i, codec.encode(releases[i]));
            }
            RunnableFuture<SnapshotResult<OperatorStateHandle>> snapshot = backend.snapshot(
                    1,
                    1,
                    new MemCheckpointStreamFactory(1 << 20),
                    CheckpointOptions.forCheckpointWithDefaultLocation());
            snapshot.run();
            return snapshot.get().getJobManagerOwnedSnapshot();
        }
    }

    private Map<String, String> below(String folder) {
        return RetainedVersions.below(
                List.of(new org.apache.flink.core.fs.Path(root.resolve(folder).toUri())));
    }

    @Test
    void theVersionsOfSavepointsAndCheckpointsAreFound() throws Exception {
        snapshot("savepoints/savepoint-1", release("1", ReleaseStage.LIVE, 1), release("2", ReleaseStage.LIVE, 2));
        snapshot("checkpoints/job/chk-7", release("2", ReleaseStage.LIVE, 2), release("3", ReleaseStage.SHADOW, 3));

        assertThat(below("savepoints")).containsOnlyKeys("ranker/1", "ranker/2");
        assertThat(below("checkpoints"))
                .containsOnlyKeys("ranker/2", "ranker/3")
                .allSatisfy((version, folder) -> assertThat(folder).endsWith("chk-7"));
    }

    @Test
    void whatAJobOnlyRemembersIsNotRetained() throws Exception {
        snapshot(
                "savepoints/savepoint-1",
                release("1", ReleaseStage.LIVE, 1),
                release("2", ReleaseStage.LIVE, 2),
                release("3", ReleaseStage.LIVE, 3),
                release("4", ReleaseStage.LIVE, 4),
                release("5", ReleaseStage.RETIRED, 5),
                release("6", ReleaseStage.CANARY, 6));

        assertThat(below("savepoints")).containsOnlyKeys("ranker/2", "ranker/3", "ranker/4", "ranker/6");
    }

    @Test
    void aFolderThatIsNotThereRefersToNothing() {
        assertThat(below("nowhere")).isEmpty();
    }

    @Test
    void aCheckpointThatIsBeingWrittenRefersToNothingYet() throws Exception {
        Files.createDirectories(root.resolve("checkpoints/job/chk-8"));

        assertThat(below("checkpoints")).isEmpty();
    }

    @Test
    void aSavepointThatCannotBeReadStopsEverything() throws Exception {
        Files.writeString(
                Files.createDirectories(root.resolve("savepoints/savepoint-1")).resolve("_metadata"), "?");

        assertThatThrownBy(() -> below("savepoints"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("Nothing is deleted")
                .hasMessageContaining("savepoint-1");
    }
}
