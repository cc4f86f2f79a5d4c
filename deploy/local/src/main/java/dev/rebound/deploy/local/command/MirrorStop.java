package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound stack mirror stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Ends it; a later start goes on where it was left.")
final class MirrorStop implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalMirror.to(chosen.site()).stop(GRACE);
        output.result(
                Map.of("running", false),
                out -> out.println("Nothing is copied to " + chosen.site().name() + " any more."));
        return 0;
    }
}
