package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.lab.command.SourceOptions;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound model train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains a model on a file's events, or on those of a made-up shop, and writes its package.")
final class ModelTrain implements Callable<Integer> {
    @Mixin
    private SourceOptions source;

    @Mixin
    private RegistryOptions registry;

    @Option(
            names = "--most-events",
            paramLabel = "N",
            defaultValue = "" + Long.MAX_VALUE,
            description = "Learn from the first N events only.")
    private long mostEvents;

    @Option(
            names = "--model",
            defaultValue = RegistryOptions.DEFAULT_MODEL,
            description = "Name of the model (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            required = true,
            description = "A new version; packages never change.")
    private String version;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        EventSource events = source.open();
        ModelTraining.Trained trained =
                new ModelTraining(source.seed(), output).train(events, mostEvents, registry.registry(), model, version);
        SourceOptions.tellRejected(events, output);
        output.result(trained, out -> {
            out.println("Trained " + model + "/" + version + " into " + trained.packageFolder());
            out.println("Publish it with: rebound model publish " + version);
        });
        return 0;
    }
}
