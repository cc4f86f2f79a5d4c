package dev.rebound.deploy.ops.stack;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound stack up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts what does not run, and waits until all of it is well.")
final class StackUp implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Option(
            names = "--free-ports",
            description = "Use whatever ports are free, instead of the fixed ones; later commands find them.")
    private boolean freePorts;

    @Override
    public Integer call() {
        LocalStack stack = freePorts ? ClusterOptions.localStackOnFreePorts() : ClusterOptions.localStack();
        stack.up(output.stackProgress());
        StackEndpoints endpoints = StackEndpoints.of(stack);
        output.result(endpoints, endpoints::print);
        return 0;
    }
}
