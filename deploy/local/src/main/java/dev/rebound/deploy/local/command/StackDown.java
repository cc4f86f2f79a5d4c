package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound stack down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops every process of the stack. Its data stays.")
final class StackDown implements Callable<Integer> {
    @Mixin
    private ChosenStack chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalStack stack = chosen.stack();
        stack.down(ProgressListener.to(output));
        DamageRecord.left(stack.layout())
                .forEach(each -> output.progress(
                        "what a fault did outlasts the stack, and `rebound stack up` undoes it: " + each));
        output.result(Map.of("down", true), out -> out.println("The stack is down; its data stays."));
        return 0;
    }
}
