package dev.rebound.deploy.ops.events;

/**
 * A row that an importer could not use.
 *
 * @param line counted from 1
 */
public record RejectedRow(String file, long line, String why) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + why;
    }
}
