package dev.rebound.deploy.control.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.operators.release.ModelPackages;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.hadoop.conf.Configuration;

/** A registry, savepoints, checkpoints and settings in a local folder, written by Flink's and our own writers. */
public final class FilesOfASite {
    static final Configuration HADOOP = new Configuration();

    private final Path folder;
    private final MovingClock clock = new MovingClock();
    final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /** A clock that the test moves. */
    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        private synchronized void move(Duration time) {
            now = now.plus(time);
        }
    }

    public FilesOfASite(Path folder) {
        this.folder = folder;
    }

    void passes(Duration time) {
        clock.move(time);
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    public Path write(String name, String content) {
        try {
            Files.createDirectories(path(name).getParent());
            return Files.writeString(path(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A package of the registry; its manifest has only what a backup looks at. */
    public void model(String version, String weights) throws IOException {
        String file = "models/ranker/" + version + "/";
        write(file + "weights.bin", weights);
        String sum = ModelPackages.sha256(weights.getBytes(StandardCharsets.UTF_8));
        write(
                file + "model.json",
                new ObjectMapper()
                        .writeValueAsString(
                                Map.of("model", "ranker", "version", version, "files", Map.of("weights.bin", sum))));
    }

    /** A canonical savepoint, whose metadata refers to its file by a relative path. */
    public void savepoint(String name, String state) throws IOException {
        Path file = write("savepoints/" + name + "/keyed", state);
        org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(file.toUri());
        metadata(
                file.resolveSibling("_metadata"),
                1,
                new KeyGroupsSavepointStateHandle(
                        new KeyGroupRangeOffsets(0, 3), new RelativeFileStateHandle(path, "keyed", Files.size(file))));
    }

    /** An incremental checkpoint over shared files, which it does not write, and a file of its own. */
    void checkpoint(String job, long number, List<String> shared, String own) throws IOException {
        List<HandleAndLocalPath> handles = new ArrayList<>();
        for (String name : shared) {
            handles.add(HandleAndLocalPath.of(handle(path("checkpoints/" + job + "/shared/" + name)), name));
        }
        String chk = "checkpoints/" + job + "/chk-" + number;
        Path meta = write(chk + "/own", own);
        metadata(
                path(chk + "/_metadata"),
                number,
                new IncrementalRemoteKeyedStateHandle(
                        UUID.randomUUID(), KeyGroupRange.of(0, 3), number, handles, List.of(), handle(meta)));
    }

    void shared(String job, String name, String content) {
        write("checkpoints/" + job + "/shared/" + name, content);
    }

    private static FileStateHandle handle(Path file) throws IOException {
        return new FileStateHandle(
                new org.apache.flink.core.fs.Path(file.toUri()), Files.exists(file) ? Files.size(file) : 1);
    }

    private static void metadata(Path file, long number, KeyedStateHandle state) throws IOException {
        OperatorState operator = new OperatorState("user-features", "user-features", new OperatorID(1, 1), 1, 4);
        operator.putState(
                0, OperatorSubtaskState.builder().setManagedKeyedState(state).build());
        try (OutputStream out = Files.newOutputStream(file)) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(number, List.of(operator), List.of()), out);
        }
    }

    BackupStore store() {
        return BackupStore.open(hadoop("target"), HADOOP, clock);
    }

    List<BackupSource> sources() {
        return List.of(
                new BackupSource(PartKind.MODELS, "models", hadoop("models")),
                new BackupSource(PartKind.SAVEPOINTS, "savepoints", hadoop("savepoints")),
                new BackupSource(PartKind.CHECKPOINTS, "checkpoints", hadoop("checkpoints")),
                new BackupSource(PartKind.CONFIGURATION, "configuration", hadoop("conf")));
    }

    BackupManifest backUp(BackupKind kind) throws IOException {
        try (BackupStore store = store()) {
            BackupManifest backup = new BackupCreation(store, HADOOP, said::add).create(kind, sources());
            passes(Duration.ofMinutes(1));
            return backup;
        }
    }

    BackupVerification.Verified verify(BackupManifest backup) throws IOException {
        try (BackupStore store = store()) {
            return new BackupVerification(store, HADOOP, said::add).verify(backup, hadoop("scratch"));
        }
    }

    BackupPruning.Pruned prune(int keep) throws IOException {
        try (BackupStore store = store()) {
            return new BackupPruning(store).prune(new BackupRetention(keep, null), false);
        }
    }

    public org.apache.hadoop.fs.Path hadoop(String name) {
        return new org.apache.hadoop.fs.Path(path(name).toUri().toString().replaceAll("/$", ""));
    }

    /** Content by path, of every file below a folder. */
    public Map<String, String> contents(String name) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        if (Files.exists(path(name))) {
            try (Stream<Path> files = Files.walk(path(name))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    contents.put(
                            path(name).relativize(file).toString(), new String(bytes, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    public void delete(String name) throws IOException {
        try (Stream<Path> files = Files.walk(path(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
