package dev.rebound.deploy.control.backup;

/**
 * A file of a backup; its bytes are the object of its sum.
 *
 * @param path relative to its part's root, with slashes
 * @param modifiedAtMillis as the source had it
 * @param sha256 of the bytes, in lower-case hex
 */
record StoredFile(String path, long bytes, long modifiedAtMillis, String sha256) {}
