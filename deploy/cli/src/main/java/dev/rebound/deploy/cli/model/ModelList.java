package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.release.Stages;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import dev.rebound.operators.release.ModelRegistry;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound model list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows the versions of the registry: stage, metrics, and what each was made from.")
public final class ModelList implements Callable<Integer> {
    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<VersionView> versions = views(
                registered(registry),
                new ModelReleases(
                                cluster.kafka(),
                                cluster.topicPrefix(),
                                cluster.site().epoch())
                        .telling(output::progress)
                        .list());
        output.result(Map.of("versions", versions), out -> {
            List<List<String>> rows = new ArrayList<>(List.of(VersionView.HEAD));
            versions.forEach(version -> rows.add(version.row()));
            Table.print(out, rows);
        });
        return 0;
    }

    static List<ModelRegistry.Registered> registered(RegistryOptions registry) {
        try {
            return new ModelRegistry(registry.registry()).list();
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The registry " + registry.registry() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What is registered, and after it what was released but is not there. */
    public static List<VersionView> views(
            List<ModelRegistry.Registered> registered, Collection<ModelRelease> releases) {
        Stages stages = Stages.of(releases, ReleasePlan.STANDING_BY);
        Map<String, ModelRelease> left = new TreeMap<>();
        releases.forEach(release -> left.put(ReleasePlan.key(release), release));
        List<VersionView> views = new ArrayList<>();
        for (ModelRegistry.Registered each : registered) {
            views.add(VersionView.of(each, stages, left.remove(each.key())));
        }
        left.values().forEach(release -> views.add(VersionView.absent(release, stages)));
        return views;
    }
}
