package dev.rebound.deploy.cli.evaluate;

import dev.rebound.deploy.lab.command.FormatOption;
import dev.rebound.deploy.lab.command.SourceOptions;
import dev.rebound.deploy.lab.evaluate.CampaignProtocol;
import dev.rebound.deploy.lab.evaluate.Dataset;
import dev.rebound.deploy.lab.evaluate.Evaluation;
import dev.rebound.deploy.lab.evaluate.EvaluationPlan;
import dev.rebound.deploy.lab.evaluate.EvaluationResult;
import dev.rebound.deploy.lab.evaluate.Protocol;
import dev.rebound.deploy.lab.evaluate.QualityChart;
import dev.rebound.deploy.lab.evaluation.Measured;
import dev.rebound.deploy.lab.evaluation.Scores;
import dev.rebound.deploy.lab.events.EventFormat;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.WithCampaigns;
import dev.rebound.deploy.lab.events.WithCatalog;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import dev.rebound.jobs.PolicyOptions;
import dev.rebound.operators.ranking.PolicySettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        description = "Foresees what people chose, by the pipeline of the job and by baselines that see the same.")
public final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--dataset",
            description = "Published data, under its own protocol, instead of --events: one of"
                    + " ${COMPLETION-CANDIDATES}.")
    private @Nullable Dataset dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "../shared/data",
            description = "Where the published data sets lie (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--events", paramLabel = "FILE", description = "Events, with or without a catalog.")
    private @Nullable Path events;

    @Mixin
    private FormatOption format;

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

    @Option(names = "--test", paramLabel = "FILE", description = "Events to predict, for next-item.")
    private @Nullable Path test;

    @Option(
            names = "--protocol",
            defaultValue = "test-then-train",
            description = "Of --events: one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Protocol protocol;

    @Option(
            names = "--split-at",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Where training ends and predicting begins, as 2024-05-31T00:00:00Z or in milliseconds since"
                    + " 1970 (default: after 30 %% of the events, 80 %% for rerank).")
    private @Nullable Instant splitAt;

    @Option(
            names = "--line-by-line",
            description = "Foresee what a user does at one time, such as the lines of an order, from each other too,"
                    + " and not only from what was before.")
    private boolean lineByLine;

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw HR@20 and NDCG@10 by time into a PNG.")
    private @Nullable Path chart;

    @Option(names = "--seed", defaultValue = "1", description = "Of training (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--diversity",
            split = ",",
            paramLabel = "STRENGTH",
            description = "Also measures the job's order with its option ranking.diversity at these strengths: one run,"
                    + " one column each.")
    private float[] diversity = {};

    @Option(
            names = "--policy",
            paramLabel = "OPTIONS",
            description = "Also measures the job's order with options of its policy, such as diversity=0.2,shown-cap=3:"
                    + " a column. Those left out are off. May be repeated.")
    private List<String> policies = List.of();

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        EvaluationPlan plan = plan();
        List<? extends Measured> scores =
                plan.protocol() == Protocol.CAMPAIGNS ? new CampaignProtocol(output).run(plan) : predict(plan);
        EvaluationResult result = EvaluationResult.of(plan, scores, seed, (System.nanoTime() - begin) / 1e9);
        SourceOptions.tellRejected(plan.events(), output);
        output.result(result, out -> print(result, out));
        return 0;
    }

    private List<Scores> predict(EvaluationPlan plan) {
        List<Scores> scores = new Evaluation(seed, policies(), output).run(plan);
        if (chart != null) {
            QualityChart.write(chart, plan, scores);
        }
        return scores;
    }

    private Map<String, PolicySettings> policies() {
        Map<String, PolicySettings> named = new LinkedHashMap<>();
        for (float strength : diversity) {
            named.put("diversity=" + strength, PolicySettings.BY_SCORE.withDiversity(strength));
        }
        try {
            policies.forEach(options -> named.put(options, PolicyOptions.parse(options)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("--policy: " + e.getMessage(), e);
        }
        return named;
    }

    private EvaluationPlan plan() {
        if ((dataset == null) == (events == null)) {
            throw new CommandFailedException("Give either --dataset, or --events with files of your own");
        }
        if (dataset != null) {
            return new EvaluationPlan(
                    dataset.toString(),
                    dataset.protocol(),
                    dataset.events(folder),
                    dataset.test(folder).orElse(null),
                    splitAt,
                    dataset.predictsLastOnly(),
                    lineByLine);
        }
        EventSource source = format.open(events);
        if (catalog != null) {
            source = new WithCatalog(source, FormatOption.open(catalog, EventFormat.JSONL));
        }
        if (campaigns != null) {
            source = new WithCampaigns(source, FormatOption.open(campaigns, EventFormat.JSONL));
        }
        EventSource predicted = test == null ? null : format.open(test);
        return new EvaluationPlan(
                events.getFileName().toString(), protocol, source, predicted, splitAt, false, lineByLine);
    }

    /** A row a metric, a column a recommender. */
    private static void print(EvaluationResult result, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(result.dataset()));
        head.addAll(result.metrics().keySet());
        rows.add(head);
        var first = result.metrics().values().iterator().next();
        for (String metric : first.values().keySet()) {
            List<String> cells = new ArrayList<>(List.of(metric));
            result.metrics().values().forEach(row -> cells.add(cell(row, metric)));
            rows.add(cells);
        }
        Table.print(out, rows);
        out.printf(
                Locale.ROOT, "%,d choices predicted, seed %d, %.0f s%n", result.n(), result.seed(), result.seconds());
    }

    private static String cell(EvaluationResult.Row row, String metric) {
        double interval = row.ci95().getOrDefault(metric, Double.NaN);
        String value = String.format(Locale.ROOT, "%.4f", row.values().getOrDefault(metric, Double.NaN));
        return Double.isNaN(interval) ? value : value + String.format(Locale.ROOT, " +-%.4f", interval);
    }
}
