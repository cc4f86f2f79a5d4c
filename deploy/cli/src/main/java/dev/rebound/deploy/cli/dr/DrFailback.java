package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.PrimaryEnd;
import dev.rebound.deploy.control.dr.StandbyCopier;
import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.control.dr.TakeOver;
import dev.rebound.deploy.control.dr.TakeOverReport;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound dr failback}. */
@Command(
        name = "failback",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the job from the primary to the site, which stands by: back to where it was before a take-over, or away"
                    + " from a site that is to be worked on. Nothing is lost, and nothing comes twice.",
            "Stops the primary's job with a savepoint, starts it on the site, and ends the mirror once producers send to the"
                    + " site. Broken off, it is repeated, and goes on after the last step that was done."
        })
final class DrFailback implements Callable<Integer> {
    @Option(
            names = "--producers-within",
            paramLabel = "TIME",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description =
                    "How long to wait, once the job runs on the site, until no producer sends to the primary any more"
                            + " (default: ${DEFAULT-VALUE}). What they send meanwhile is mirrored.")
    private Duration producersWithin;

    @Mixin
    private PrimaryOption sites;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site primary = sites.primary();
        Site standby = sites.standby();
        StandbyMirror mirror = sites.mirror();
        try (StandbyCopier copier = new StandbyCopier(primary, standby, output)) {
            PrimaryEnd end = new PrimaryEnd(primary, standby, copier, mirror, producersWithin, output);
            TakeOverReport report = new TakeOver(standby, mirror, end, output).run();
            output.result(report, out -> TakeOverText.print(out, report));
            return 0;
        }
    }
}
