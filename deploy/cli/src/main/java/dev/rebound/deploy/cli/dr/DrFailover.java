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
                new TakeOver(standby, new StandbyMirror(process, standby.kafka(), primary), null, output).run();
        output.result(report, out -> TakeOverText.print(out, report));
        return 0;
    }
}
