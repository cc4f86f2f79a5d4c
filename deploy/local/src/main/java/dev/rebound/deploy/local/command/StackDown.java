package dev.rebound.deploy.ops.stack;

import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
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
    private CommandOutput output;

    @Override
    public Integer call() {
        ClusterOptions.localStack().down(output.stackProgress());
        output.result(Map.of("down", true), out -> out.println("The stack is down; its data stays."));
        return 0;
    }
}
