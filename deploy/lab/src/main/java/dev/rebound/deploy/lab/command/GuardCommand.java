package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.evaluation.GuardSimulation;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.operators.release.guard.CanaryTest;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound bench guard}. */
@Command(
        name = "guard",
        mixinStandardHelpOptions = true,
        description = {
            "Simulates canaries, and counts how often and how soon the guard rolls them back. Needs no cluster.",
            "Users differ, the clicks of a user and of a list are correlated, and the guard looks all the time, with"
                    + " the class that the job runs. Fails if more than alpha of the canaries that are as good as LIVE are"
                    + " rolled back, or fewer than 90 %% of those that are worse."
        })
final class GuardCommand implements Callable<Integer> {
    private static final double FOUND = 0.9;
    private static final int LIST = 10;
    private static final long MIN_IMPRESSIONS = 1_000;

    @Option(names = "--runs", defaultValue = "1000", description = "Of each kind (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--seed", defaultValue = "1", description = "Of all that is random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--alpha", defaultValue = "0.05", description = "As guard.alpha (default: ${DEFAULT-VALUE}).")
    private double alpha;

    @Option(
            names = "--change",
            defaultValue = "-0.1",
            description = "Relative change of the worse canary's clicks (default: ${DEFAULT-VALUE}).")
    private double change;

    @Option(
            names = "--share",
            defaultValue = "10",
            paramLabel = "PERCENT",
            description = "Share of users of the canary (default: ${DEFAULT-VALUE}).")
    private double share;

    @Option(
            names = "--click-rate",
            defaultValue = "0.05",
            description = "Clicks an impression (default: ${DEFAULT-VALUE}).")
    private double clickRate;

    @Option(
            names = "--impressions",
            defaultValue = "1000000",
            description = "Of the canary and LIVE together, when a run ends (default: ${DEFAULT-VALUE}).")
    private int impressions;

    @Option(
            names = "--look-every",
            defaultValue = "5000",
            paramLabel = "IMPRESSIONS",
            description = "How often the guard looks (default: ${DEFAULT-VALUE}).")
    private int lookEvery;

    @Mixin
    private CommandOutput output;

    /** What is printed. */
    record Summary(
            int runs,
            long seed,
            double alpha,
            double change,
            double sharePercent,
            int impressions,
            double falseRollbackShare,
            double foundShare,
            double medianCanaryImpressions,
            double mostCanaryImpressions,
            double fixedHorizonCanaryImpressions,
            double designEffect) {}

    @Override
    public Integer call() {
        GuardSimulation simulation = new GuardSimulation(
                new GuardSimulation.Traffic(clickRate, share / 100, impressions / LIST, lookEvery / LIST),
                new CanaryTest(alpha, MIN_IMPRESSIONS),
                seed);
        output.progress("Playing " + runs + " canaries that are as good as LIVE");
        GuardSimulation.Result equal = simulation.run(runs, 0, alpha, change);
        output.progress("Playing " + runs + " canaries whose clicks change by " + change);
        GuardSimulation.Result worse = simulation.run(runs, change, alpha, change);
        Summary summary = new Summary(
                runs,
                seed,
                alpha,
                change,
                share,
                impressions,
                equal.worseShare(),
                worse.worseShare(),
                worse.medianImpressions(),
                worse.mostImpressions(),
                worse.fixedImpressions(),
                worse.designEffect());
        output.result(summary, out -> print(out, summary));
        if (equal.worseShare() > alpha || worse.worseShare() < FOUND) {
            throw new CommandFailedException(String.format(
                    Locale.ROOT,
                    "False rollbacks are %.3f, allowed are %s; found are %.3f, wanted are %s",
                    equal.worseShare(),
                    alpha,
                    worse.worseShare(),
                    FOUND));
        }
        return 0;
    }

    private static void print(PrintWriter out, Summary summary) {
        out.printf(
                Locale.ROOT,
                "%,d runs of %,d impressions each, %s %% of users in the canary, seed %d%n",
                summary.runs,
                summary.impressions,
                summary.sharePercent,
                summary.seed);
        out.printf(
                Locale.ROOT,
                "as good as LIVE       rolled back in %.1f %% of runs, allowed are %.1f %%%n",
                100 * summary.falseRollbackShare,
                100 * summary.alpha);
        out.printf(
                Locale.ROOT,
                "%+.0f %% clicks          rolled back in %.1f %% of runs%n",
                100 * summary.change,
                100 * summary.foundShare);
        out.printf(
                Locale.ROOT,
                "  impressions of the canary until then: %,.0f in half of the runs, %,.0f in 90 %%%n",
                summary.medianCanaryImpressions,
                summary.mostCanaryImpressions);
        out.printf(
                Locale.ROOT,
                "  one look by a z-test, same alpha and design effect (%.2f): %,.0f find it in 90 %%%n",
                summary.designEffect,
                summary.fixedHorizonCanaryImpressions);
    }
}
