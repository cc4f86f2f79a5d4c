package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.TakeOverReport;
import java.io.PrintWriter;
import java.util.Locale;

/** What a take-over did, for people. */
final class TakeOverText {
    private TakeOverText() {}

    static void print(PrintWriter out, TakeOverReport report) {
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
