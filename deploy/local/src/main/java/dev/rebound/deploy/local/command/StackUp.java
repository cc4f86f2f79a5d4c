package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.local.Starter;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound stack up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Starts what does not run, and waits until all of it is well. With --site NAME, a second stack of its own"
                        + " ports and data.")
final class StackUp implements Callable<Integer> {
    @Mixin
    private ChosenStack chosen;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--free-ports",
            description = "Use whatever ports are free, instead of the fixed ones; later commands find them.")
    private boolean freePorts;

    @Option(
            names = "--ha",
            negatable = true,
            description =
                    "With a second JobManager that stands by, ZooKeeper, and a watchdog that starts again what died;"
                            + " or without. As it was the last time unless given.")
    private @Nullable Boolean highlyAvailable;

    @Override
    public Integer call() {
        LocalStack found = freePorts ? chosen.newStack().onFreePorts() : chosen.newStack();
        LocalStack stack = highlyAvailable == null
                ? found
                : found.as(highlyAvailable ? StackShape.HIGHLY_AVAILABLE : StackShape.SINGLE);
        DamageRecord.undoLeft(stack, output);
        stack.up(ProgressListener.to(output));
        Starter.forget(stack.layout());
        StackEndpoints endpoints = StackEndpoints.of(stack);
        output.result(endpoints, endpoints::print);
        return 0;
    }
}
