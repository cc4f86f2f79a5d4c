package dev.rebound.deploy.local;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The command that started a stack for itself alone, and takes it down at its end unless it is killed. */
public final class Starter {
    private Starter() {}

    /** Notes it, until the claim is closed. */
    public static Optional<Claim> claim(StackLayout layout, String command) {
        return Claim.on(file(layout), command);
    }

    /** From now on the stack is there to stay, or it is down. */
    public static void forget(StackLayout layout) {
        try {
            Files.deleteIfExists(file(layout));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + file(layout), e);
        }
    }

    /** What is to be said of a stack that runs without anybody wanting it; empty where there is nothing to say. */
    public static Optional<String> warning(StackLayout layout) {
        return Claim.leftBy(file(layout))
                .map(command -> "`" + command + "` started this stack for itself and was killed: `rebound stack down`"
                        + " takes it down, `rebound stack up` has it stay");
    }

    private static Path file(StackLayout layout) {
        return layout.run().resolve("starter.claim");
    }
}
