package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.SiteMirror;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound stack mirror start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts to copy, from where it was left, else from the oldest record.")
final class MirrorStart implements Callable<Integer> {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "FILE|NAME",
            description = "The site to copy from: a file that describes it, or a name as --site takes it.")
    private String from;

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site target = chosen.site();
        Site source = chosen.other(from);
        SiteMirror mirror = LocalMirror.to(target);
        output.progress("starting the mirror from " + source.name() + " to " + target.name());
        mirror.start(source);
        output.result(
                Map.of(
                        "from",
                        source.name(),
                        "to",
                        target.name(),
                        "log",
                        mirror.log().toString()),
                out -> out.println("The topics " + source.topics().prefix() + "* of " + source.name()
                        + " are copied to " + target.name() + "; its log is " + mirror.log()));
        return 0;
    }
}
