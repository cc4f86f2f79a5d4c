package dev.rebound.deploy.cli.site;

import dev.rebound.deploy.control.site.SiteCheck;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound site check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Opens each connection of the site, and says what is wrong and what to do. Exits with 1 if something is.")
final class SiteCheckCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<SiteCheck.Finding> findings = new SiteCheck(cluster.site(), cluster.topicPrefix()).look();
        output.result(
                findings,
                out -> findings.forEach(finding ->
                        out.println((finding.ok() ? "ok    " : "WRONG ") + finding.part() + ": " + finding.text())));
        return findings.stream().allMatch(SiteCheck.Finding::ok) ? 0 : 1;
    }
}
