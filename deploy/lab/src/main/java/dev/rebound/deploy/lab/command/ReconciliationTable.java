package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.reconcile.ReconciliationResult;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.terminal.Table;
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
                        row("lists by a fallback", result.fallbacks()),
                        row("checkpoints completed", result.checkpointsCompleted()),
                        List.of("seconds", String.format("%.1f", result.seconds())),
                        row("events per second", Math.round(result.eventsPerSecond()))));
        out.println(conclusion(verdict));
    }

    private static String conclusion(TopicReconciler.Verdict verdict) {
        if (!verdict.findings().isEmpty()) {
            return "NOT RIGHT, see above.";
        }
        return verdict.result().unchecked().isEmpty()
                ? "Nothing lost, nothing duplicated."
                : "Nothing lost, nothing duplicated in what can be checked; what can't is named above.";
    }

    private static List<String> row(String name, long value) {
        return List.of(name, String.format("%,d", value));
    }
}
