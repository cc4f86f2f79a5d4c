package dev.rebound.deploy.control.savepoint;

import dev.rebound.schemas.ModelRelease;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/**
 * What is in a savepoint, or in a checkpoint: its metadata was read as Flink reads it, and every file that it refers to was
 * looked for.
 *
 * @param checkpointId which number of its job's checkpoints and savepoints it is; -1 if it can't be read
 * @param operators by uid
 * @param releases model versions that scored, in the order of the state
 * @param bytes of the metadata and of all files
 * @param completedAt when the metadata was written, which is the last step
 * @param problems why it can't be restored; empty if it is whole
 */
public record OpenedSavepoint(
        long checkpointId,
        List<SavedOperator> operators,
        List<ModelRelease> releases,
        long bytes,
        Instant completedAt,
        List<String> problems) {

    private static final String METADATA = "_metadata";

    public OpenedSavepoint {
        operators = List.copyOf(operators);
        releases = List.copyOf(releases);
        problems = List.copyOf(problems);
    }

    public boolean isWhole() {
        return problems.isEmpty();
    }

    /** Whether a job made it that scores, so that it tells which models were in charge. */
    public boolean hasScoring() {
        return operators.stream().anyMatch(operator -> operator.uid().equals(SavedReleases.UID));
    }

    /**
     * Opens a savepoint and looks at all of it.
     *
     * @param folder of the savepoint, on any file system of Flink's
     */
    public static OpenedSavepoint open(Path folder) {
        Path metadata = new Path(folder, METADATA);
        try {
            FileSystem files = metadata.getFileSystem();
            FileStatus status = files.getFileStatus(metadata);
            Instant completed = Instant.ofEpochMilli(status.getModificationTime());
            return read(folder, metadata(folder), status.getLen(), completed);
        } catch (FileNotFoundException e) {
            return broken(metadata + " is missing: it was never completed");
        } catch (IOException | RuntimeException e) {
            // Flink's readers throw unchecked exceptions on bytes that are none of theirs.
            return broken(metadata + " can't be read: " + e.getMessage());
        }
    }

    /** The metadata alone, as Flink reads it. */
    static CheckpointMetadata metadata(Path folder) throws IOException {
        Path metadata = new Path(folder, METADATA);
        try (DataInputStream in = new DataInputStream(metadata.getFileSystem().open(metadata))) {
            return Checkpoints.loadCheckpointMetadata(in, classes(), folder.toString());
        }
    }

    private static OpenedSavepoint read(Path folder, CheckpointMetadata metadata, long metadataBytes, Instant at) {
        List<String> problems = new ArrayList<>();
        List<SavedOperator> operators = new ArrayList<>();
        List<ModelRelease> releases = new ArrayList<>();
        StateFiles files = StateFiles.of(metadata);
        for (OperatorState operator : metadata.getOperatorStates()) {
            SavedOperator saved = saved(operator);
            operators.add(saved);
            if (saved.uid().equals(SavedReleases.UID)) {
                try {
                    releases.addAll(SavedReleases.read(operator, classes()));
                } catch (IOException | RuntimeException e) {
                    problems.add("the model releases in " + folder.getName() + " can't be read: " + e.getMessage());
                }
            }
        }
        files.check(problems);
        operators.sort(Comparator.comparing(SavedOperator::label));
        return new OpenedSavepoint(
                metadata.getCheckpointId(), operators, releases, metadataBytes + files.bytes(), at, problems);
    }

    private static SavedOperator saved(OperatorState operator) {
        return new SavedOperator(
                operator.getOperatorUid().orElse(""),
                operator.getOperatorName().orElse(""),
                operator.getOperatorID().toHexString(),
                operator.getParallelism(),
                operator.getMaxParallelism(),
                operator.getStateSize());
    }

    OpenedSavepoint with(String problem) {
        List<String> all = new ArrayList<>(problems);
        all.add(problem);
        return new OpenedSavepoint(checkpointId, operators, releases, bytes, completedAt, all);
    }

    private static OpenedSavepoint broken(String problem) {
        return new OpenedSavepoint(-1, List.of(), List.of(), 0, Instant.EPOCH, List.of(problem));
    }

    private static ClassLoader classes() {
        return OpenedSavepoint.class.getClassLoader();
    }
}
