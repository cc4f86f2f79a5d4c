package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.control.dr.TakeOver;
import dev.rebound.deploy.control.dr.TakeOverReport;
import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.SiteMirror;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound dr failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Has the site, which stands by, take over: from now on it is the one that answers. Needs nothing of the primary.",
            "Broken off, it is repeated, and goes on after the last step that was done."
        })
final class DrFailover implements Callable<Integer> {
    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site standby = chosen.site();
        SiteMirror process = LocalMirror.to(standby);
        String primary = process.source()
                .orElseThrow(
                        () -> new CommandFailedException(
                                "Nothing was ever mirrored to " + standby.name()
                                        + " from this machine, so that it stands by for no site. Run this where `rebound dr standby` runs"));
        TakeOverReport report =
                new TakeOver(standby, new StandbyMirror(process, standby.kafka(), primary), output).run();
        output.result(report, out -> print(out, report));
        return 0;
    }

    private static void print(PrintWriter out, TakeOverReport report) {
        out.printf(
                Locale.ROOT,
                "%s has taken over with epoch %d: job %s commits outputs after %.1f s.%n",
                report.site(),
                report.epoch(),
                report.jobId(),
                report.seconds());
        report.steps().forEach(step -> out.printf(Locale.ROOT, "  %-30s %6.1f s%n", step.name(), step.seconds()));
        out.printf(
                Locale.ROOT,
                "It started from checkpoint %d, which was %.0f s old, and leaves out %d outputs that had arrived.%n",
                report.checkpointId(),
                report.stateAgeSeconds(),
                report.writtenBefore());
        out.println("Where a file describes the site, set its epoch to " + report.epoch()
                + " on every machine that has it.");
        if (report.primarySeenAt() == null) {
            out.println("The primary was never looked at: what did not arrive is unknown.");
        } else if (report.lostInputs().isEmpty()) {
            out.println("All that the primary had at " + report.primarySeenAt() + " has arrived.");
        }
        report.lostInputs()
                .forEach(lost -> out.println("NOT ARRIVED: " + lost.records() + " records of " + lost.topic()
                        + " that the primary had at " + report.primarySeenAt()));
    }
}
