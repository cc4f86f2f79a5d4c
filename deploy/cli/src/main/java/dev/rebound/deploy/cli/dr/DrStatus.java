package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.control.dr.StandbyStatus;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound dr status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the standby would take over with now: how far the mirror is behind, how old the newest copy is that it"
                    + " can start from, and what stands in the way.",
            "Ends with 1 if it could not take over."
        })
final class DrStatus implements Callable<Integer> {
    @Mixin
    private PrimaryOption sites;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site primary = sites.primary();
        Site standby = sites.standby();
        StandbyMirror mirror = sites.mirror();
        StandbyStatus status = StandbyStatus.of(primary, standby, mirror);
        output.result(status, out -> print(out, status));
        return status.inTheWay().isEmpty() ? 0 : 1;
    }

    private static void print(PrintWriter out, StandbyStatus status) {
        out.println("primary " + status.primary() + ": epoch "
                + (status.primaryEpoch() == null ? "unknown, its files can't be reached" : status.primaryEpoch()));
        out.println("standby " + status.standby() + ": epoch " + status.standbyEpoch());
        List<StandbyStatus.TopicLag> lags = status.lags();
        if (lags == null) {
            out.println("How far the mirror is behind can't be told: " + status.lagsUnknown());
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("topic", "records behind", "seconds behind"));
            lags.forEach(lag -> rows.add(List.of(
                    lag.topic(), String.valueOf(lag.records()), String.format(Locale.ROOT, "%.1f", lag.seconds()))));
            Table.print(out, rows);
        }
        out.printf(Locale.ROOT, "%d copies of checkpoints, %,d bytes%n", status.copies(), status.copiedBytes());
        if (status.usableAgeSeconds() != null) {
            out.printf(
                    Locale.ROOT,
                    "A take-over would start from a state of %.0f s ago and read again what came since.%n",
                    status.usableAgeSeconds());
        }
        if (status.rehearsedSeconds() != null) {
            out.printf(
                    Locale.ROOT,
                    "RTO: in the rehearsal of %s, the job took %.0f s to its first checkpoint; what a take-over does"
                            + " before that comes to it.%n",
                    status.rehearsedAt(),
                    status.rehearsedSeconds());
        }
        if (status.rpoSeconds() != null) {
            out.printf(
                    Locale.ROOT,
                    "RPO: if the primary were lost now, inputs of the last %.1f s would be missing.%n",
                    status.rpoSeconds());
        }
        status.warnings().forEach(each -> out.println("WARNING: " + each));
        status.inTheWay().forEach(each -> out.println("IN THE WAY: " + each));
    }
}
