package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Asks how far readers of committed records may read in the topics that jobs write in transactions. */
final class ReadersProbe implements Callable<List<Observation.Readers>> {
    private static final Set<Topic> TRANSACTIONAL =
            EnumSet.of(Topic.RECOMMENDATIONS, Topic.USER_PROFILES, Topic.TRAINING_EXAMPLES, Topic.DEAD_LETTERS);

    private final KafkaCluster kafka;
    private final List<String> topics;
    private final Map<String, Object> impatient;
    private final InstantSource clock;
    private final HeldReaders held = new HeldReaders();

    ReadersProbe(KafkaCluster kafka, String topicPrefix, Duration patience, InstantSource clock) {
        this.kafka = kafka;
        this.topics = TRANSACTIONAL.stream()
                .map(topic -> topic.topicName(topicPrefix))
                .toList();
        this.impatient = KafkaProbe.within(patience);
        this.clock = clock;
    }

    @Override
    public synchronized List<Observation.Readers> call() throws Exception {
        try (Admin admin = kafka.admin(impatient)) {
            Set<String> present = admin.listTopics().names().get();
            Set<TopicPartition> partitions = admin
                    .describeTopics(topics.stream().filter(present::contains).toList())
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toSet());
            // The ends first: a record that readers still may not read after that was there and is held back.
            Map<TopicPartition, Long> ends = ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
            Map<TopicPartition, Long> stable = ends(admin, partitions, IsolationLevel.READ_COMMITTED);
            return held.observe(stable, ends, clock.instant());
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }
}
