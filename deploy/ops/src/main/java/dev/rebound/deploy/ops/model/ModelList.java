package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound model list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the newest release of each version.")
final class ModelList implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<ReleaseView> releases = new ModelReleases(cluster.bootstrapServers(), cluster.topicPrefix())
                .list().stream().map(ReleaseView::of).toList();
        output.result(Map.of("releases", releases), out -> {
            List<List<String>> rows = new ArrayList<>(List.of(ReleaseView.HEAD));
            releases.forEach(release -> rows.add(release.row()));
            Table.print(out, rows);
        });
        return 0;
    }
}
