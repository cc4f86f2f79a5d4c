package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.drill.Drill;
import dev.rebound.deploy.lab.drill.DrillKind;
import dev.rebound.deploy.lab.drill.DrillReport;
import dev.rebound.deploy.lab.drill.KeptReport;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound dr drill}. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = {
            "Rehearses a take-over on two local sites that are started for it, under load, and measures it.",
            "Ends with 1 if anything was lost beyond the RPO, or came twice."
        })
public final class DrillCommand implements Callable<Integer> {
    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "site-loss",
            description = "What happens: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private DrillKind kind;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Of the shop and of the moment (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--rate",
            paramLabel = "NUMBER",
            defaultValue = "500",
            description = "Records a second of the load (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = {
                "How often, each with the next seed: the site that has the job at the end of a round is the primary of the next.",
                "The first wrong one is the last (default: ${DEFAULT-VALUE})."
            })
    private int rounds;

    @Option(names = "--keep", description = "Leave both sites, drill-a and drill-b, running.")
    private boolean keep;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new CommandFailedException("--rounds " + rounds + " is less than 1");
        }
        try (OrderlyEnd end = new OrderlyEnd(output);
                Drill drill = new Drill(StackLayout.ofThisProcess(), kind, seed, rate, keep, output)) {
            return end.run(() -> run(drill));
        }
    }

    /** Where reports are kept. */
    static Path reports() {
        return StackLayout.ofThisProcess().var().resolve("drills");
    }

    private int run(Drill drill) {
        List<DrillReport> reports = new ArrayList<>();
        drill.run(rounds, report -> {
            Path kept = KeptReport.write(reports(), report, Instant.now());
            output.progress(report.summary() + "; kept in " + kept);
            reports.add(report);
        });
        DrillReport last = reports.get(reports.size() - 1);
        output.result(last, out -> print(out, last));
        return last.isRight() ? 0 : 1;
    }

    private static void print(PrintWriter out, DrillReport report) {
        out.println(report.summary());
        report.steps().forEach(step -> out.printf(Locale.ROOT, "  %-30s %6.1f s%n", step.name(), step.seconds()));
        report.findings().forEach(finding -> out.println("WRONG: " + finding));
    }
}
