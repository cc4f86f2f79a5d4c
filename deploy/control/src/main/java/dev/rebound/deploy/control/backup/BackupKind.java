package dev.rebound.deploy.control.backup;

/** How much a backup takes for granted. Either kind can be restored without any other backup. */
public enum BackupKind {
    /** Reads every file and writes every object anew, so that one that went bad on the target is mended. */
    FULL,
    /** Does not read what has the path, size and time of the backup before, and writes only what the target lacks. */
    INCREMENTAL
}
