package dev.rebound.deploy.ops.backup;

import org.apache.hadoop.fs.Path;

/**
 * A folder that is backed up.
 *
 * @param name unique among the sources of a backup
 * @param root with scheme
 */
record BackupSource(PartKind kind, String name, Path root) {

    BackupSource {
        // A path made of a URI keeps its last slash, and is then not the beginning of what is in it.
        root = new Path(root.toString());
    }
}
