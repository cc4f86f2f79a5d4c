package dev.rebound.deploy.ops.backup;

import dev.rebound.deploy.ops.savepoint.StateFiles;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.hadoop.fs.Path;

/** The files that a checkpoint or savepoint needs, as its metadata, read by Flink's own loader, names them. */
final class CheckpointReferences {
    private CheckpointReferences() {}

    /**
     * @param metadata the {@code _metadata} file
     * @param folder that it lies in, or is to be thought in: relative references begin there
     * @throws IOException if Flink cannot read it, or it holds a kind of state whose files are not known
     */
    static Set<Path> of(InputStream metadata, Path folder) throws IOException {
        StateFiles files = StateFiles.of(Checkpoints.loadCheckpointMetadata(
                new DataInputStream(metadata), CheckpointReferences.class.getClassLoader(), folder.toString()));
        if (!files.unknown().isEmpty()) {
            // To leave a file out silently would make a backup that cannot be restored.
            throw new IOException("its metadata refers to state by " + String.join(", ", files.unknown())
                    + ", whose files this version does not know");
        }
        return files.paths().stream()
                .map(path -> new Path(path.toUri()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
