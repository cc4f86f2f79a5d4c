package dev.rebound.deploy.ops.reconcile;

import dev.rebound.deploy.ops.console.Table;
import java.io.PrintWriter;
import java.util.List;

/** Shows a verdict to people. */
public final class ReconciliationTable {
    private ReconciliationTable() {}

    public static void print(TopicReconciler.Verdict verdict, PrintWriter out) {
        ReconciliationResult result = verdict.result();
        Table.print(
                out,
                List.of(
                        row("events sent", result.eventsSent()),
                        row("unique valid events", result.uniqueEvents()),
                        row("events applied", result.eventsApplied()),
                        row("lost", result.lost()),
                        row("duplicated", result.duplicated()),
                        row("dead letters", result.deadLetters()),
                        row("requests", result.requests()),
                        row("responses", result.responses()),
                        row("recommendations", result.recommendations()),
                        row("training examples", result.trainingExamples()),
                        List.of("model version", result.modelVersion()),
                        row("checkpoints completed", result.checkpointsCompleted()),
                        List.of("seconds", String.format("%.1f", result.seconds())),
                        row("events per second", Math.round(result.eventsPerSecond()))));
        out.println(verdict.findings().isEmpty() ? "Nothing lost, nothing duplicated." : "NOT RIGHT, see above.");
    }

    private static List<String> row(String name, long value) {
        return List.of(name, String.format("%,d", value));
    }
}
