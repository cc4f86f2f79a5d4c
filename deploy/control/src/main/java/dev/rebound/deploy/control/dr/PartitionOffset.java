package dev.rebound.deploy.control.dr;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** A place in a partition, for a record in JSON. */
record PartitionOffset(String topic, int partition, long offset) {

    static List<PartitionOffset> listOf(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream()
                .map(each ->
                        new PartitionOffset(each.getKey().topic(), each.getKey().partition(), each.getValue()))
                .sorted(Comparator.comparing(PartitionOffset::topic).thenComparing(PartitionOffset::partition))
                .toList();
    }

    static Map<TopicPartition, Long> mapOf(List<PartitionOffset> offsets) {
        return offsets.stream().collect(Collectors.toMap(PartitionOffset::topicPartition, PartitionOffset::offset));
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }
}
