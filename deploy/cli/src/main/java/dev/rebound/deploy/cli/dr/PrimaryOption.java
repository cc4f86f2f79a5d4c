package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
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

    Site primary() {
        return chosen.other(primary);
    }

    Site standby() {
        return chosen.site();
    }
}
