package dev.rebound.deploy.ops.health;

import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Asks the brokers who there is, and which partitions of our topics have no leader. */
final class KafkaProbe implements Callable<Observation.Kafka> {
    private final String bootstrapServers;
    private final String topicPrefix;
    private final Duration patience;

    KafkaProbe(String bootstrapServers, String topicPrefix, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.topicPrefix = topicPrefix;
        this.patience = patience;
    }

    @Override
    public Observation.Kafka call() throws Exception {
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis());
        try (Admin admin = Admin.create(client)) {
            int brokers = admin.describeCluster().nodes().get().size();
            Set<String> present = new HashSet<>(admin.listTopics().names().get());
            List<String> ours = Arrays.stream(Topic.values())
                    .map(topic -> topic.topicName(topicPrefix))
                    .filter(present::contains)
                    .toList();
            List<String> offline = admin.describeTopics(ours).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .filter(partition -> partition.leader() == null
                                    || partition.leader().isEmpty())
                            .map(partition -> topic.name() + "-" + partition.partition()))
                    .sorted()
                    .toList();
            return new Observation.Kafka(brokers, offline);
        }
    }
}
