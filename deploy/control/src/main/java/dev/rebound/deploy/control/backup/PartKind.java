package dev.rebound.deploy.control.backup;

import org.jspecify.annotations.Nullable;

/** What a part of a backup is, which decides what of its folder is taken and where it may be restored to. */
public enum PartKind {
    /** The model registry: every package that has its manifest. */
    MODELS("model.json"),
    /** Every savepoint that can be opened. It holds relative paths, so it may be restored anywhere. */
    SAVEPOINTS("_metadata"),
    /** The newest whole checkpoint of each job. It holds absolute paths and is of use only where it was. */
    CHECKPOINTS("_metadata"),
    /** The jars that savepoints were made by, and what each job was submitted as: every file whose name is final. */
    JOBS(null),
    /** Folders of settings, every file in them. */
    CONFIGURATION(null);

    private final @Nullable String lastFile;

    PartKind(@Nullable String lastFile) {
        this.lastFile = lastFile;
    }

    /** Whether this file says that its folder is complete, so that it must be written after the others. */
    boolean completes(String path) {
        return lastFile != null && (path.equals(lastFile) || path.endsWith("/" + lastFile));
    }
}
