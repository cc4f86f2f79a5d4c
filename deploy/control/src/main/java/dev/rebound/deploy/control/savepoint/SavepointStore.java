package dev.rebound.deploy.control.savepoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rebound.deploy.control.savepoint.SavepointManifest.SavedRelease;
import dev.rebound.deploy.site.CommandFailedException;
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
import org.jspecify.annotations.Nullable;

/** The folder of all savepoints. */
public final class SavepointStore {
    private static final String NAMES = "savepoint-";
    private static final int JOB_DIGITS = 6;

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
     * @param outputsCommitted null where that is not known
     * @throws CommandFailedException if it is not whole
     */
    public StoredSavepoint describe(String path, JobOrigin job, Instant takenAt, @Nullable Boolean outputsCommitted) {
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
                content.releases().stream().map(SavedRelease::of).toList(),
                outputsCommitted);
        return written(savepoint, manifest, content);
    }

    /** Notes that every output up to a savepoint is committed. */
    public StoredSavepoint outputsCommitted(StoredSavepoint savepoint) {
        return written(
                savepoint.path(), savepoint.manifest().orElseThrow().withOutputsCommitted(), savepoint.content());
    }

    private static StoredSavepoint written(Path savepoint, SavepointManifest manifest, OpenedSavepoint content) {
        try {
            JsonFile.write(new Path(savepoint, SavepointManifest.FILE), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the manifest of " + savepoint, e);
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

    /** The newest whole one of a job, by the name that Flink gives it: also one without its manifest. */
    public Optional<StoredSavepoint> newestOf(String jobId) {
        return list().stream()
                .filter(each -> isOf(each.path(), jobId) && each.content().isWhole())
                .max(Comparator.comparing(each -> each.content().completedAt()));
    }

    /** Whether Flink named a savepoint after a job, of whose id it takes the beginning. */
    public static boolean isOf(Path savepoint, String jobId) {
        return savepoint.getName().startsWith(NAMES + jobId.substring(0, Math.min(JOB_DIGITS, jobId.length())) + "-");
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
        OpenedSavepoint content = OpenedSavepoint.open(path);
        try {
            return new StoredSavepoint(
                    path, JsonFile.find(new Path(path, SavepointManifest.FILE), SavepointManifest.class), content);
        } catch (JsonProcessingException e) {
            String problem = SavepointManifest.FILE + " is damaged, so that the job that made it is unknown: "
                    + e.getOriginalMessage();
            return new StoredSavepoint(path, Optional.empty(), content.with(problem));
        }
    }
}
