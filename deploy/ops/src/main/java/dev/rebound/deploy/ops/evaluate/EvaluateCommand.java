package dev.rebound.deploy.ops.evaluate;

import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
import dev.rebound.deploy.ops.events.EventFormat;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.replay.SourceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Foresees what people chose, by the pipeline of the job and by baselines, on a file's events.")
public final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--events",
            paramLabel = "FILE",
            required = true,
            description = "Events, with or without a catalog.")
    private Path events;

    @Option(names = "--format", defaultValue = "jsonl", description = "One of ${COMPLETION-CANDIDATES}.")
    private EventFormat format;

    @Option(
            names = "--test",
            paramLabel = "FILE",
            description = "Events to foresee with next-item, of the same format.")
    private @Nullable Path test;

    @Option(
            names = "--protocol",
            defaultValue = "test-then-train",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Protocol protocol;

    @Option(names = "--seed", defaultValue = "1", description = "Of training (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        EventSource source = SourceOptions.open(events, format);
        EventSource testSource = test == null ? null : SourceOptions.open(test, format);
        EvaluationResult result = new Evaluation(seed, output).run(source, testSource, protocol);
        output.result(result, out -> Table.print(out, rows(result)));
        return 0;
    }

    private static List<List<String>> rows(EvaluationResult result) {
        List<String> metrics =
                List.copyOf(result.metrics().values().iterator().next().values().keySet());
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        head.addAll(metrics);
        rows.add(head);
        result.metrics().forEach((name, row) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            Map<String, Double> values = row.values();
            metrics.forEach(metric -> cells.add(String.format(Locale.ROOT, "%.4f", values.get(metric))));
            rows.add(cells);
        });
        return rows;
    }
}
