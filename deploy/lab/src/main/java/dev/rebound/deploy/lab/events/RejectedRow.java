package dev.rebound.deploy.lab.events;

import java.util.regex.Pattern;

/**
 * A row that an importer could not use.
 *
 * @param line counted from 1
 */
public record RejectedRow(String file, long line, String why) {
    private static final Pattern VALUE = Pattern.compile("'[^']*'|\\S*\\d\\S*");

    /** Why, without the row's own values, which stand in quotes or hold digits: the same for rows of one kind. */
    public String reason() {
        return VALUE.matcher(why).replaceAll("...");
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + why;
    }
}
