package dev.rebound.deploy.ops.bench;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The stack that a benchmark runs on, started for it if it does not run. */
final class BenchStack {
    @Option(names = "--free-ports", description = "Start the stack on whatever ports are free.")
    private boolean freePorts;

    @Option(names = "--keep", description = "Leave the stack running.")
    private boolean keep;

    /** Runs a benchmark, and stops what was started for it. Returns the exit code. */
    int with(CommandOutput output, Consumer<LocalStack> benchmark) {
        LocalStack stack = freePorts ? ClusterOptions.localStackOnFreePorts() : ClusterOptions.localStack();
        boolean ranBefore =
                stack.status().stream().anyMatch(component -> component.pid().isPresent());
        try {
            stack.up(output.stackProgress());
            benchmark.accept(stack);
            return 0;
        } finally {
            if (!keep && !ranBefore) {
                stack.down(output.stackProgress());
            }
        }
    }
}
