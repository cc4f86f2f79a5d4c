package dev.rebound.deploy.cli.site;

import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound site topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Which topics of the site are missing. Exits with 1 if any is.")
final class SiteTopics implements Callable<Integer> {
    @Option(
            names = "--create",
            description = "Make those that are missing, with the partitions and the replication of the site file.")
    private boolean create;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        if (create) {
            Collection<String> created = KafkaTopics.create(cluster.kafka(), cluster.topics());
            output.result(Map.of("created", created), out -> out.println("Made " + created));
            return 0;
        }
        Collection<String> missing = KafkaTopics.missing(cluster.kafka(), cluster.topicPrefix());
        output.result(
                Map.of("missing", missing),
                out -> out.println(missing.isEmpty() ? "No topic is missing." : "Missing: " + missing));
        return missing.isEmpty() ? 0 : 1;
    }
}
