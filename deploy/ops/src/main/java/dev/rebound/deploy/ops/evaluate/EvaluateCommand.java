package dev.rebound.deploy.ops.evaluate;

import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
import dev.rebound.deploy.ops.events.EventFormat;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.WithCampaigns;
import dev.rebound.deploy.ops.events.WithCatalog;
import dev.rebound.deploy.ops.replay.SourceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Foresees what people chose, by the pipeline of the job and by baselines that see the same.")
public final class EvaluateCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Data data;

    @Option(names = "--seed", defaultValue = "1", description = "Of training (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CommandOutput output;

    /** One of the two. */
    private static final class Data {
        @ArgGroup(exclusive = false)
        private @Nullable OwnData own;

        @ArgGroup(exclusive = false)
        private @Nullable PublishedData published;
    }

    /** Anyone's files. */
    private static final class OwnData {
        @Option(
                names = "--events",
                paramLabel = "FILE",
                required = true,
                description = "Events, with or without a catalog; a name that ends in .gz is unpacked.")
        private Path events;

        @Option(
                names = "--format",
                defaultValue = "jsonl",
                description = "Format of the files: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private EventFormat format;

        @Option(
                names = "--catalog",
                paramLabel = "FILE",
                description = "Items as JSON Lines, where they are not among the events.")
        private @Nullable Path catalog;

        @Option(
                names = "--campaigns",
                paramLabel = "FILE",
                description = "Campaigns as JSON Lines, where they are not among the events.")
        private @Nullable Path campaigns;

        @Option(names = "--test", paramLabel = "FILE", description = "Events to foresee, for next-item.")
        private @Nullable Path test;

        @Option(
                names = "--protocol",
                defaultValue = "test-then-train",
                description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private Protocol protocol;
    }

    /** Files that others have published. */
    private static final class PublishedData {
        @Option(names = "--dataset", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
        private Dataset dataset;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "../shared/data",
                description = "Where the data sets lie (default: ${DEFAULT-VALUE}).")
        private Path folder;
    }

    @Override
    public Integer call() {
        Evaluation evaluation = new Evaluation(seed, output);
        EvaluationResult result = data.own != null ? own(evaluation, data.own) : published(evaluation, data.published);
        output.result(result, out -> Table.print(out, rows(result)));
        return 0;
    }

    private EvaluationResult own(Evaluation evaluation, OwnData own) {
        EventSource events = SourceOptions.open(own.events, own.format);
        if (own.catalog != null) {
            events = new WithCatalog(events, SourceOptions.open(own.catalog, EventFormat.JSONL));
        }
        if (own.campaigns != null) {
            events = new WithCampaigns(events, SourceOptions.open(own.campaigns, EventFormat.JSONL));
        }
        EventSource test = own.test == null ? null : SourceOptions.open(own.test, own.format);
        EvaluationResult result =
                evaluation.run(own.events.getFileName().toString(), events, test, own.protocol, false);
        SourceOptions.tellRejected(events, output);
        return result;
    }

    private static EvaluationResult published(Evaluation evaluation, PublishedData published) {
        Dataset dataset = published.dataset;
        return evaluation.run(
                dataset.toString(),
                dataset.events(published.folder),
                dataset.test(published.folder).orElse(null),
                dataset.protocol(),
                dataset.foreseesLastOnly());
    }

    private static List<List<String>> rows(EvaluationResult result) {
        List<String> metrics =
                List.copyOf(result.metrics().values().iterator().next().values().keySet());
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(result.dataset()));
        head.addAll(metrics);
        rows.add(head);
        result.metrics().forEach((name, row) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            Map<String, Double> values = row.values();
            metrics.forEach(
                    metric -> cells.add(String.format(Locale.ROOT, "%.4f", values.getOrDefault(metric, Double.NaN))));
            rows.add(cells);
        });
        return rows;
    }
}
