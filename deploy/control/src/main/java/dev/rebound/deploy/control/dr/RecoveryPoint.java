package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.KafkaCluster;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What of the primary's inputs a standby does not have, by the primary's own log: exact, and to be had only while its brokers
 * answer.
 *
 * @param records that did not arrive, by topic; only where there are any
 * @param seconds how much older the newest that arrived is than the newest of the primary, in the partition where it is most
 */
public record RecoveryPoint(Map<String, Long> records, double seconds) {

    /**
     * Asks the primary.
     *
     * @param standby name of the other site
     * @param arrived up to where the standby has the primary's topics, in the primary's offsets
     */
    public static RecoveryPoint of(
            KafkaCluster primary, String standby, Map<TopicPartition, Long> arrived, String topicPrefix) {
        try (PartitionEnds kafka = new PartitionEnds(primary)) {
            Set<TopicPartition> inputs = kafka.partitions(SiteTopics.inputs(topicPrefix));
            Map<TopicPartition, Long> ends = kafka.afterLastRecords(inputs, standby);
            Map<TopicPartition, Long> begins = kafka.beginnings(inputs);
            Map<TopicPartition, Long> behind = new HashMap<>();
            Map<String, Long> records = new LinkedHashMap<>();
            ends.forEach((partition, end) -> {
                long missing = end - Math.max(arrived.getOrDefault(partition, 0L), begins.get(partition));
                if (missing > 0) {
                    behind.put(partition, end);
                    records.merge(partition.topic(), missing, Long::sum);
                }
            });
            return new RecoveryPoint(records, seconds(kafka, behind, arrived));
        }
    }

    private static double seconds(
            PartitionEnds kafka, Map<TopicPartition, Long> behind, Map<TopicPartition, Long> arrived) {
        Map<TopicPartition, Long> last = new HashMap<>();
        behind.keySet().forEach(partition -> last.put(partition, arrived.getOrDefault(partition, 0L)));
        Map<TopicPartition, Long> newest = kafka.timestampsBefore(behind);
        Map<TopicPartition, Long> newestArrived = kafka.timestampsBefore(last);
        return behind.keySet().stream()
                        .filter(partition -> newest.containsKey(partition) && newestArrived.containsKey(partition))
                        .mapToLong(partition -> newest.get(partition) - newestArrived.get(partition))
                        .max()
                        .orElse(0)
                / 1e3;
    }

    /** All records that did not arrive. */
    public long events() {
        return records.values().stream().mapToLong(Long::longValue).sum();
    }
}
