package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.operators.release.ModelManifest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound model features}. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        description = "Shows what jobs of this version feed to a model, in order; with --json, as a manifest begins.")
final class ModelFeatures implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        output.result(ModelManifest.inputs(), out -> {
            ModelManifest.currentDenseFeatures().forEach(out::println);
        });
        return 0;
    }
}
