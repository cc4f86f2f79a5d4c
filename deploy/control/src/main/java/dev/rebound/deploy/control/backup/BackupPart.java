package dev.rebound.deploy.control.backup;

import java.util.List;

/**
 * One folder of a backup.
 *
 * @param name unique in the backup; the folder that it is restored to where another place is asked for
 * @param root where it was, a URI
 * @param points folders in it that a job can be started from, relative to the root
 */
record BackupPart(PartKind kind, String name, String root, List<StoredFile> files, List<String> points) {}
