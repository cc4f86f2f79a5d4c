package dev.rebound.deploy.control.release;

import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** The versions that a job needs when it is restored from one of the savepoints and checkpoints that are there. */
public final class RetainedVersions {
    private static final String METADATA = "_metadata";

    /** {@code checkpoints/<job>/chk-<n>}. */
    private static final int DEEPEST = 3;

    /** A task keeps the LIVE version, the one before it, and may have been loading another. */
    private static final int STANDING_BY = 2;

    private final Map<String, String> savepointByVersion = new TreeMap<>();

    private RetainedVersions() {}

    /**
     * Opens every savepoint and checkpoint below some folders.
     *
     * @return for each version, one of those that refer to it
     * @throws CommandFailedException if one cannot be read: what it refers to is not known, and may not be deleted
     */
    public static Map<String, String> below(Iterable<Path> folders) {
        RetainedVersions found = new RetainedVersions();
        for (Path folder : folders) {
            try {
                if (folder.getFileSystem().exists(folder)) {
                    found.look(folder, 0);
                }
            } catch (IOException e) {
                throw new CommandFailedException("Cannot look for savepoints in " + folder + ": " + e.getMessage(), e);
            }
        }
        return found.savepointByVersion;
    }

    private void look(Path folder, int depth) throws IOException {
        FileSystem fileSystem = folder.getFileSystem();
        if (fileSystem.exists(new Path(folder, METADATA))) {
            open(folder);
            return;
        }
        if (depth < DEEPEST) {
            FileStatus[] children;
            try {
                children = fileSystem.listStatus(folder);
            } catch (FileNotFoundException e) {
                return; // A checkpoint that its job has discarded meanwhile.
            }
            for (FileStatus child : children) {
                if (child.isDir()) {
                    look(child.getPath(), depth + 1);
                }
            }
        }
    }

    private void open(Path folder) throws IOException {
        OpenedSavepoint content = OpenedSavepoint.open(folder);
        boolean gone = !folder.getFileSystem().exists(new Path(folder, METADATA));
        if (!content.isWhole() && content.releases().isEmpty() && !gone) {
            throw new CommandFailedException("Nothing is deleted: which models " + folder
                    + " refers to cannot be read (" + String.join("; ", content.problems())
                    + "). Remove it if it is of no use");
        }
        for (String version : Stages.of(content.releases(), STANDING_BY).inUse()) {
            savepointByVersion.putIfAbsent(version, folder.toString());
        }
    }
}
