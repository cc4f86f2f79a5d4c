package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.KafkaCluster;
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
    private final KafkaCluster kafka;
    private final String topicPrefix;
    private final Duration patience;

    KafkaProbe(KafkaCluster kafka, String topicPrefix, Duration patience) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
        this.patience = patience;
    }

    /** Settings of a client that must have said what it has to say by then. */
    static Map<String, Object> within(Duration patience) {
        return Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis());
    }

    @Override
    public Observation.Kafka call() throws Exception {
        try (Admin admin = kafka.admin(within(patience))) {
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
