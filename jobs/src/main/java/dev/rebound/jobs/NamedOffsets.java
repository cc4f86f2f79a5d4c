package dev.rebound.jobs;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts the partitions of a topic at offsets that somebody has found out, and the others where {@link BeginningOffsets} does.
 * An offset that is not there fails the job: to begin anywhere else would lose records or repeat them.
 */
@SuppressWarnings("deprecation") // the connector's interface speaks of it
final class NamedOffsets implements OffsetsInitializer {
    private static final long serialVersionUID = 1L;

    private final TreeMap<Integer, Long> offsets;

    /** @param offsets by partition, at least one */
    NamedOffsets(Map<Integer, Long> offsets) {
        this.offsets = new TreeMap<>(offsets);
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        // The connector also asks for none at all.
        if (partitions.isEmpty()) {
            return Map.of();
        }
        requireThere(partitions);
        Map<TopicPartition, Long> begins = retriever.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = retriever.endOffsets(partitions);
        Map<TopicPartition, Long> starts = new HashMap<>(begins);
        for (TopicPartition partition : partitions) {
            Long named = offsets.get(partition.partition());
            if (named != null) {
                requireBetween(partition, named, begins.get(partition), ends.get(partition));
                starts.put(partition, named);
            }
        }
        return starts;
    }

    private void requireThere(Collection<TopicPartition> partitions) {
        for (int named : offsets.keySet()) {
            if (partitions.stream().noneMatch(partition -> partition.partition() == named)) {
                throw new IllegalArgumentException("--source.offsets names partition " + named + " of "
                        + partitions.iterator().next().topic() + ", which has " + partitions.size() + " partitions");
            }
        }
    }

    private static void requireBetween(TopicPartition partition, long offset, long begin, long end) {
        if (offset < begin || offset > end) {
            throw new IllegalArgumentException("--source.offsets wants to begin with offset " + offset + " of "
                    + partition + ", which holds " + begin + " to " + end + ": "
                    + (offset < begin
                            ? "what was before " + begin + " is gone by its retention"
                            : "there are fewer records than where the offset is from"));
        }
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
