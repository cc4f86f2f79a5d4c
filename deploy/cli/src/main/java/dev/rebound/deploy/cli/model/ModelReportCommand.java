package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.GuardTopics;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound model report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Shows how the versions compare, and what the guard decided.",
            "Intervals in brackets hold at all moments at once, so that one may look as often as one likes. Lifts are"
                    + " against the LIVE version of the same time."
        })
final class ModelReportCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        GuardTopics topics = new GuardTopics(cluster.kafka(), cluster.topicPrefix());
        List<ReportView> versions =
                topics.reports().stream().map(ReportView::of).toList();
        List<DecisionView> decisions =
                topics.decisions().stream().map(DecisionView::of).toList();
        output.result(Map.of("versions", versions, "decisions", decisions), out -> {
            print(out, ReportView.OUTCOME_HEAD, versions, ReportView::outcomeRow);
            out.println();
            print(out, ReportView.HEALTH_HEAD, versions, ReportView::healthRow);
            out.println();
            print(out, DecisionView.HEAD, decisions, DecisionView::row);
        });
        return 0;
    }

    private static <T> void print(PrintWriter out, List<String> head, List<T> views, Function<T, List<String>> row) {
        List<List<String>> rows = new ArrayList<>(List.of(head));
        views.forEach(view -> rows.add(row.apply(view)));
        Table.print(out, rows);
    }
}
