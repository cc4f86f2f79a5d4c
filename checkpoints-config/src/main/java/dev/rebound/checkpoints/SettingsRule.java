package dev.rebound.checkpoints;

import java.util.stream.Stream;

/** One thing that must be true of the settings. The rules are constants of enums, one line of a table each. */
interface SettingsRule {

    /** The constant's name, which findings are labelled with. */
    String name();

    /** The setting that the rule is about. */
    String key();

    /**
     * What breaks the rule; empty if it holds, or if the facts it needs are not known.
     *
     * @throws IllegalArgumentException if a value cannot be read as its option's type
     */
    Stream<Finding> check(CheckedSettings settings);
}
