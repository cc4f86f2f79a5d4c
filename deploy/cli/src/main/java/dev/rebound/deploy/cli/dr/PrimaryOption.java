package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The two sites of a command: the standby, which is chosen by {@code --site}, and its primary. */
final class PrimaryOption {
    @Option(
            names = "--primary",
            paramLabel = "FILE|NAME",
            required = true,
            description = "The site that the standby, which is that of --site, stands by for.")
    private String primary;

    @Mixin
    private ChosenSite chosen;

    private @Nullable Site primarySite;

    Site primary() {
        if (primarySite == null) {
            primarySite = chosen.other(primary);
        }
        return primarySite;
    }

    Site standby() {
        return chosen.site();
    }

    /** From the primary to the standby. */
    StandbyMirror mirror() {
        return new StandbyMirror(
                LocalMirror.to(standby()), standby().kafka(), primary().name());
    }
}
