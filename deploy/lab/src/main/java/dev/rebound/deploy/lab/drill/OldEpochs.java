package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.control.dr.Fences;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.fence.EpochFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Reads a site's outputs as a consumer with the epoch filter does, and counts what it should not have let through. */
final class OldEpochs {
    private static final List<Topic> OUTPUTS = List.of(
            Topic.RECOMMENDATIONS,
            Topic.RECOMMENDATION_RESPONSES,
            Topic.USER_PROFILES,
            Topic.TRAINING_EXAMPLES,
            Topic.DEAD_LETTERS,
            Topic.ALERTS);

    private final KafkaCluster kafka;
    private final String topicPrefix;
    private final Map<TopicPartition, Long> newest = new HashMap<>();
    private long accepted;

    OldEpochs(KafkaCluster kafka, String topicPrefix) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
    }

    /** How many records of a lower epoch were accepted after one of a higher in their partition. */
    long accepted() {
        EpochFilter filter = EpochFilter.of(Fences.read(kafka, topicPrefix));
        List<String> topics =
                OUTPUTS.stream().map(topic -> topic.topicName(topicPrefix)).toList();
        try (TopicReader reader = new TopicReader(kafka, topics)) {
            reader.readToEnd(record -> {
                if (filter.accept(record)) {
                    count(record);
                }
            });
        }
        return accepted;
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(OutputHeaders.SITE_EPOCH);
        long epoch = header == null ? 0 : OutputHeaders.epochOf(header.value());
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (epoch < newest.getOrDefault(partition, 0L)) {
            accepted++;
        }
        newest.merge(partition, epoch, Math::max);
    }
}
