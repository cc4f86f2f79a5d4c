package dev.rebound.checkpoints;

/**
 * One contradiction between the settings, told so that the reader can end it.
 *
 * @param rule name of the rule that is broken, such as {@code RETAINED_CHECKPOINTS}
 * @param severity whether the settings may be used all the same
 * @param key the setting to change
 * @param found the value that it has
 * @param allowed which values it may have, and why
 * @param set a value that is right
 */
public record Finding(String rule, Severity severity, String key, String found, String allowed, String set) {

    /** Whether the settings may be used all the same. */
    public enum Severity {
        /** Data can be lost, duplicated or become unreadable, or the job cannot run. */
        ERROR,
        /** Works, but recovers slower or protects less than it could. */
        WARNING
    }

    @Override
    public String toString() {
        return severity + " " + key + " is " + found + "; allowed: " + allowed + "; set: " + set;
    }
}
