package dev.rebound.deploy.ops.savepoint;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.savepoint.SavepointManifest.SavedRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** The folder of all savepoints. */
public final class SavepointStore {
    private static final String NAMES = "savepoint-";

    private final Path folder;

    /** @param root the folder that {@code savepoints/} is in, on any file system of Flink's */
    public SavepointStore(Path root) {
        this.folder = new Path(root, "savepoints");
    }

    public Path folder() {
        return folder;
    }

    /**
     * Opens a savepoint that has just been completed and writes its manifest.
     *
     * @param path of the savepoint, as Flink said it
     * @throws CommandFailedException if it is not whole
     */
    public StoredSavepoint describe(String path, JobOrigin job, Instant takenAt) {
        Path savepoint = new Path(path);
        OpenedSavepoint content = OpenedSavepoint.open(savepoint);
        if (!content.isWhole()) {
            throw new CommandFailedException("Flink completed " + path + ", but nothing can be restored from it: "
                    + String.join("; ", content.problems()));
        }
        SavepointManifest manifest = new SavepointManifest(
                savepoint.getName(),
                job,
                takenAt,
                content.operators(),
                content.releases().stream().map(SavedRelease::of).toList());
        try {
            JsonFile.write(new Path(savepoint, SavepointManifest.FILE), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the manifest of " + path, e);
        }
        return new StoredSavepoint(savepoint, Optional.of(manifest), content);
    }

    /** Every savepoint of the folder, each opened and checked; the newest first. */
    public List<StoredSavepoint> list() {
        try {
            FileSystem files = folder.getFileSystem();
            List<StoredSavepoint> all = new ArrayList<>();
            if (files.exists(folder)) {
                for (FileStatus each : files.listStatus(folder)) {
                    if (each.isDir() && each.getPath().getName().startsWith(NAMES)) {
                        all.add(open(each.getPath()));
                    }
                }
            }
            all.sort(Comparator.comparing(StoredSavepoint::takenAt).reversed());
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't list the savepoints in " + folder, e);
        }
    }

    /**
     * Opens one savepoint.
     *
     * @param id name of its folder, with or without {@value #NAMES}, or its whole path
     * @throws CommandFailedException if there is none
     */
    public StoredSavepoint find(String id) {
        Path path = id.contains("/") ? new Path(id) : new Path(folder, id.startsWith(NAMES) ? id : NAMES + id);
        try {
            if (!path.getFileSystem().exists(path)) {
                throw new CommandFailedException(
                        "There is no savepoint " + path + ". See what there is with: rebound job savepoints");
            }
            return open(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't look for " + path, e);
        }
    }

    /** Deletes one with all of its files. */
    public void delete(String id) {
        Path path = new Path(folder, id);
        try {
            path.getFileSystem().delete(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + path, e);
        }
    }

    private static StoredSavepoint open(Path path) throws IOException {
        Path manifest = new Path(path, SavepointManifest.FILE);
        Optional<SavepointManifest> read = path.getFileSystem().exists(manifest)
                ? Optional.of(JsonFile.read(manifest, SavepointManifest.class))
                : Optional.empty();
        return new StoredSavepoint(path, read, OpenedSavepoint.open(path));
    }
}
