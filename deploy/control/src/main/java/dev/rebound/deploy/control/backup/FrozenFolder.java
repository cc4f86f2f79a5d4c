package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A folder of the source that does not change while it is copied: in a snapshot where the file system has them.
 * Elsewhere its files are compared with what they were, see {@link #requireUnchanged}.
 */
public final class FrozenFolder {
    private final Volume volume;
    private final Path root;
    private final Path shown;

    /**
     * @param root where the folder is
     * @param shown where its files are read, which is the same or in a snapshot
     */
    FrozenFolder(Volume volume, Path root, Path shown) {
        this.volume = volume;
        this.root = volume.files().makeQualified(root);
        this.shown = volume.files().makeQualified(shown);
    }

    Volume volume() {
        return volume;
    }

    /** Where the folder is, with scheme and authority. */
    Path root() {
        return root;
    }

    /** Where a file of the folder is read. */
    public Path at(String path) {
        return path.isEmpty() ? shown : new Path(shown, path);
    }

    /** Every file in it, in the order of their paths. */
    List<FileStatus> files() throws IOException {
        return filesBelow("");
    }

    List<FileStatus> filesBelow(String folder) throws IOException {
        return volume.filesBelow(at(folder)).stream().sorted().toList();
    }

    /** The path of a file that {@link #files} returned, relative to the folder. */
    String relative(FileStatus file) {
        return below(shown, file.getPath()).orElseThrow();
    }

    /** The path, relative to the folder, of a file that is referred to by where it was; empty if outside of it. */
    public Optional<String> relative(Path original) {
        return below(root, volume.files().makeQualified(original));
    }

    /** The path of a file relative to a folder; empty if it is not in it. */
    static Optional<String> below(Path folder, Path file) {
        String parent = folder.toUri().getPath() + Path.SEPARATOR;
        String child = file.toUri().getPath();
        return child.startsWith(parent) ? Optional.of(child.substring(parent.length())) : Optional.empty();
    }

    /** @throws IOException if the file is another than when it was listed */
    void requireUnchanged(FileStatus listed) throws IOException {
        FileStatus now = volume.files().getFileStatus(listed.getPath());
        if (now.getLen() != listed.getLen() || now.getModificationTime() != listed.getModificationTime()) {
            throw new IOException(
                    listed.getPath() + " changed while it was copied; make the backup again when nothing writes there");
        }
    }
}
