package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.site.mirror.SiteMirror;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound stack mirror status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says whether it copies, and from where; exits with 1 unless it is well.")
final class MirrorStatusCommand implements Callable<Integer> {
    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    private record Status(
            boolean well,
            @Nullable String from,
            String to,
            @Nullable String problem,
            String log) {}

    @Override
    public Integer call() {
        SiteMirror mirror = LocalMirror.to(chosen.site());
        String problem = mirror.problem().orElse(null);
        Status status = new Status(
                problem == null,
                mirror.source().orElse(null),
                chosen.site().name(),
                problem,
                mirror.log().toString());
        output.result(
                status,
                out -> out.println(
                        "The mirror to " + status.to() + (status.from() == null ? "" : " from " + status.from()) + ": "
                                + (problem == null ? "well" : problem) + ". Its log is " + status.log()));
        return status.well() ? 0 : 1;
    }
}
