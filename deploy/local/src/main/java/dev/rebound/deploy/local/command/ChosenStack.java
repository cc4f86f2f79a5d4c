package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.terminal.ChosenSite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The local stack, for a command that starts, stops or kills its processes. */
@Command
public final class ChosenStack {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ChosenSite site;

    /**
     * The stack of this process' folder, up or not.
     *
     * @throws CommandFailedException if another site was named
     */
    public LocalStack stack() {
        if (!site.isLocal()) {
            throw new CommandFailedException("`" + command.qualifiedName()
                    + "` starts, stops or kills processes, and does so to the local stack only. Leave --site out");
        }
        return LocalStack.in(StackLayout.ofThisProcess());
    }
}
