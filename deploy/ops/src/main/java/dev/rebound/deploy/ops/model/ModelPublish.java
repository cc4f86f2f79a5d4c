package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.schemas.ModelRelease;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound model publish}. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = "Makes a version live: running jobs check, load and use it.")
final class ModelPublish implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version in the registry.")
    private String version;

    @Option(
            names = "--model",
            defaultValue = RegistryOptions.DEFAULT_MODEL,
            description = "Name of the model (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--reason", defaultValue = "published by hand", description = "Why, for who asks later.")
    private String reason;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        KafkaTopics.create(cluster.bootstrapServers(), cluster.topicPrefix());
        ModelRelease release = new ModelReleases(cluster.bootstrapServers(), cluster.topicPrefix())
                .publish(registry.registry(), model, version, reason);
        ReleaseView view = ReleaseView.of(release);
        output.result(view, out -> out.println(model + "/" + version + " is live."));
        return 0;
    }
}
