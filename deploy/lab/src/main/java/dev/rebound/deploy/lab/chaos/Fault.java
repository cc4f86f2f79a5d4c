package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.LocalStack;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Something that goes wrong on a running stack, for real. */
public interface Fault {
    /** As on the command line and in the report, such as {@code taskmanager-kill}. */
    String name();

    /** What happens, and what is expected of the job. */
    String description();

    /** Why it can't be injected here; empty where it can. */
    default Optional<String> impossible(LocalStack stack) {
        return Optional.empty();
    }

    /** Whether it takes minutes, so that a campaign has it once. */
    default boolean takesLong() {
        return false;
    }

    /**
     * Makes it go wrong, once the moment has come that this fault wants.
     *
     * @return that moment, milliseconds since 1970
     */
    long inject(Target target, SplittableRandom random);

    /** How long it stays wrong, milliseconds. */
    default long holdMillis(SplittableRandom random) {
        return 0;
    }

    /**
     * Undoes what it did to the job and its input, as an operator would; the job recovers by itself. What it did to the stack,
     * which it told the target before, is undone by then.
     */
    default void heal(Target target) {}

    /** When somebody was told of it otherwise than by the state of the job, milliseconds since 1970. */
    default OptionalLong toldMillis() {
        return OptionalLong.empty();
    }

    /** What was not as expected, beside what the comparison of input and output finds. */
    default List<String> findings() {
        return List.of();
    }
}
