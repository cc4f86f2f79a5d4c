package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalSite;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.terminal.ChosenSite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The local stack that is named, for a command that starts, stops or kills its processes. */
@Command
public final class ChosenStack {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ChosenSite site;

    /**
     * The stack that is named, else the main one; up or not.
     *
     * @throws CommandFailedException if the site is none of this machine, or no stack of the name was ever started
     */
    public LocalStack stack() {
        LocalStack stack = newStack();
        if (!LocalSite.exists(stack.name())) {
            throw new CommandFailedException("There is no local stack " + stack.name()
                    + ". Start it with: rebound stack up --site " + stack.name());
        }
        return stack;
    }

    /** The same, also of a name that no stack has yet. */
    LocalStack newStack() {
        if (site.isDescribed()) {
            throw new CommandFailedException("`" + command.qualifiedName()
                    + "` starts, stops or kills processes, and does so to a local stack only. Leave --site out, or name a"
                    + " local stack");
        }
        return LocalStack.named(site.given().orElse(LocalStack.MAIN), StackLayout.ofThisProcess());
    }
}
