package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.bench.NoOutput;
import dev.rebound.deploy.lab.bench.OverloadBench;
import dev.rebound.deploy.lab.bench.OverloadBench.StepCost;
import dev.rebound.deploy.lab.bench.PipelineBench;
import dev.rebound.deploy.lab.bench.Visitors;
import dev.rebound.deploy.lab.events.DecodedFeed;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FirstPart;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.lab.training.VariantKind;
import dev.rebound.deploy.lab.training.VariantWorkshop;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Meter;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import dev.rebound.jobs.JobOptions;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.scoring.HeldScoring;
import dev.rebound.operators.scoring.ScoringSettings;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.apache.flink.core.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound bench overload}. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what a user costs the scoring thread at each step of the overload ladder. Needs no cluster.",
            "Trains a model and a distilled one on the events, and answers their users by the classes that the job runs."
        })
final class OverloadCommand implements Callable<Integer> {
    private static final long EVENTS = 50_000;
    private static final String LIVE = "live";
    private static final String LIGHT = "light";

    @Mixin
    private final SourceOptions source = new SourceOptions(EVENTS);

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        // One thread an operation, as in a job: times would not be those of serving otherwise.
        PyTorchEngine.forServing();
        java.nio.file.Path folder = Files.createTempDirectory("rebound-overload-");
        try {
            List<StepCost> costs = measure(folder);
            output.result(costs, out -> Table.print(out, table(costs)));
            return 0;
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private List<StepCost> measure(java.nio.file.Path folder) throws IOException {
        EventSource events = source.open();
        Visitors visitors = new Visitors();
        try (DecodedFeed feed = new DecodedFeed(events, new Meter(output, "events", events.eventCount()))) {
            feed.read(FirstPart.ALL, visitors);
        }
        JobOptions options = JobOptions.parse(
                "--kafka.bootstrap-servers",
                "none",
                "--model.cache-dir",
                folder.resolve("cache").toString());
        ScoringSettings settings = options.scoring();
        List<List<ScoringTask>> batches = visitors.requests(settings.batchSize());
        if (batches.size() < 2) {
            throw new CommandFailedException("The events are of fewer than " + 2 * settings.batchSize()
                    + " users with a history: give more with --events-count or --events");
        }
        int half = batches.size() / 2;
        try (HeldScoring scoring = new HeldScoring(
                visitors.pipeline().table(),
                visitors.pipeline().popular(),
                visitors.pipeline().sessions(),
                settings,
                options.models(),
                releases(folder, events),
                new NoOutput())) {
            return new OverloadBench(
                            scoring,
                            batches.subList(0, half),
                            batches.subList(half, batches.size()),
                            visitors.latestMillis())
                    .measure();
        }
    }

    /** A model, and a smaller one for overload. */
    private List<ModelRelease> releases(java.nio.file.Path folder, EventSource events) throws IOException {
        Path registry = new Path(folder.resolve("registry").toUri());
        ModelTraining training = new ModelTraining(source.seed(), output);
        training.train(events, events.eventCount(), registry, PipelineBench.MODEL, LIVE);
        Path bench = new Path(Files.createDirectory(folder.resolve("bench")).toUri());
        try (VariantWorkshop workshop =
                new VariantWorkshop(registry, bench, PipelineBench.MODEL, LIVE, training, events, DeviceChoice.CPU)) {
            workshop.write(workshop.check(workshop.distil(LIGHT), VariantKind.DISTILLED, LIGHT));
        }
        return List.of(release(registry, LIVE, ReleaseStage.LIVE), release(registry, LIGHT, ReleaseStage.LIGHT));
    }

    private static ModelRelease release(Path registry, String version, ReleaseStage stage) {
        return ModelRelease.newBuilder(ModelReleases.firstOf(registry, PipelineBench.MODEL, version))
                .setStage(stage)
                .setTrafficPercent(stage == ReleaseStage.LIVE ? 100 : 0)
                .build();
    }

    private static List<List<String>> table(List<StepCost> costs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("step", "us a user", "of the first"));
        costs.forEach(cost -> rows.add(List.of(
                cost.step(),
                String.format(Locale.ROOT, "%.1f", cost.microsPerUser()),
                String.format(Locale.ROOT, "%.2f", cost.share()))));
        return rows;
    }
}
