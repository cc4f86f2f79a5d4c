package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.lab.command.SourceOptions;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.terminal.CommandOutput;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound model moments}. */
@Command(
        name = "moments",
        mixinStandardHelpOptions = true,
        description =
                "Writes what a model learns from, with the job's features, as NumPy arrays: for training in PyTorch.")
final class ModelMoments implements Callable<Integer> {
    @Mixin
    private SourceOptions source;

    @Option(
            names = "--most-events",
            paramLabel = "N",
            defaultValue = "" + Long.MAX_VALUE,
            description = "Use the first N events only.")
    private long mostEvents;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder of the files.")
    private Path folder;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        EventSource events = source.open();
        int moments = new ModelTraining(source.seed(), output).writeMoments(events, mostEvents, folder);
        SourceOptions.tellRejected(events, output);
        output.result(Map.of("moments", moments, "folder", folder.toString()), out -> {
            out.println("Wrote " + moments + " moments to " + folder);
            out.println("Train on them with: python deploy/pytorch/make_model.py " + folder
                    + " PACKAGE --model-version VERSION");
        });
        return 0;
    }
}
