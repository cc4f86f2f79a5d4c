package dev.rebound.deploy.control.backup;

import org.apache.hadoop.fs.Path;

/**
 * A folder that is backed up.
 *
 * @param name unique among the sources of a backup
 * @param root with scheme
 */
public record BackupSource(PartKind kind, String name, Path root) {

    public BackupSource {
        // A path made of a URI keeps its last slash, and is then not the beginning of what is in it.
        root = new Path(root.toString());
    }
}
