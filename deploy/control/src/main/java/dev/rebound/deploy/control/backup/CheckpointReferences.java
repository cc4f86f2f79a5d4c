package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.control.savepoint.StateFiles;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.hadoop.fs.Path;

/** The files that a checkpoint or savepoint needs, as its metadata, read by Flink's own loader, names them. */
public final class CheckpointReferences {
    private CheckpointReferences() {}

    /**
     * Opens nothing but the stream: the folder may be on a site that is lost, or that nobody has logged in to.
     *
     * @param metadata the {@code _metadata} file
     * @param folder that it lies in, or is to be thought in: relative references begin there
     * @throws IOException if Flink cannot read it, or it holds a kind of state whose files are not known
     */
    public static Set<Path> of(InputStream metadata, Path folder) throws IOException {
        // Flink's loader opens the folder that relative references begin in, so it gets one of its own.
        java.nio.file.Path standIn = Files.createTempDirectory("rebound-point-");
        java.nio.file.Path copy = standIn.resolve(StatePoint.METADATA);
        StateFiles files;
        try {
            Files.copy(metadata, copy);
            files = StateFiles.of(load(copy));
        } finally {
            Files.deleteIfExists(copy);
            Files.delete(standIn);
        }
        if (!files.unknown().isEmpty()) {
            // To leave a file out silently would make a backup that cannot be restored.
            throw new IOException("its metadata refers to state by " + String.join(", ", files.unknown())
                    + ", whose files this version does not know");
        }
        Set<Path> paths = new LinkedHashSet<>();
        for (org.apache.flink.core.fs.Path path : files.paths()) {
            java.nio.file.Path local = java.nio.file.Path.of(path.getPath());
            paths.add(
                    local.startsWith(standIn)
                            ? new Path(folder, standIn.relativize(local).toString())
                            : new Path(path.toUri()));
        }
        return paths;
    }

    private static CheckpointMetadata load(java.nio.file.Path metadata) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            return Checkpoints.loadCheckpointMetadata(
                    in,
                    CheckpointReferences.class.getClassLoader(),
                    metadata.getParent().toUri().toString());
        }
    }
}
