package dev.rebound.deploy.ops.chaos;

import java.util.SplittableRandom;

/** Something that goes wrong on a running stack, for real. */
interface Fault {
    /** As on the command line and in the report, such as {@code taskmanager-kill}. */
    String name();

    /** What happens, and what is expected of the job. */
    String description();

    /**
     * Makes it go wrong, once the moment has come that this fault wants.
     *
     * @return that moment, milliseconds since 1970
     */
    long inject(Target target, SplittableRandom random);

    /** Undoes what does not undo itself, as an operator would; the job recovers by itself. */
    default void heal(Target target) {}

    /** How long it stays wrong, milliseconds. */
    default long holdMillis(SplittableRandom random) {
        return 0;
    }
}
