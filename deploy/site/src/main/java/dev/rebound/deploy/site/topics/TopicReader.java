package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every partition of some topics from the first offset on, as a rule committed records only, without a group. Call
 * {@link #readToEnd} again to read on.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Collection<String> topics;
    private List<TopicPartition> partitions = List.of();

    /** @throws CommandFailedException if a topic does not exist */
    public TopicReader(KafkaCluster kafka, Collection<String> topics) {
        this(kafka, topics, IsolationLevel.READ_COMMITTED);
    }

    /** A reader that may also see what was never committed: to show that others do not. */
    public TopicReader(KafkaCluster kafka, Collection<String> topics, IsolationLevel isolation) {
        consumer = new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        64 * 1024 * 1024,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        8 * 1024 * 1024)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topics = List.copyOf(topics);
        findPartitions();
        for (String topic : topics) {
            if (partitions.stream().noneMatch(partition -> partition.topic().equals(topic))) {
                consumer.close();
                throw new CommandFailedException("There is no topic " + topic + " on " + kafka
                        + "; check --topic-prefix and that the job was submitted");
            }
        }
    }

    /** Takes up partitions that were added since, from their beginning. */
    private void findPartitions() {
        // Unlike partitionsFor, this always asks the broker. One that has just started may not know all of them again.
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        List<TopicPartition> added = topics.stream()
                .flatMap(topic -> known.getOrDefault(topic, List.of()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .filter(partition -> !partitions.contains(partition))
                .toList();
        if (!added.isEmpty()) {
            partitions = Stream.concat(partitions.stream(), added.stream()).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(added);
        }
    }

    /** Has it read these partitions from there on instead. */
    public TopicReader from(Map<TopicPartition, Long> starts) {
        starts.forEach(consumer::seek);
        return this;
    }

    /**
     * Reads until the ends that the partitions have now, the last stable ones.
     *
     * @return how many records it were
     */
    public long readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        return readTo(ends(), reader);
    }

    /** Reads until these offsets, which may be transaction markers. */
    public long readTo(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        long count = 0;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                reader.accept(record);
                count++;
            }
        }
        return count;
    }

    /** Where the partitions begin now: after 0 where retention has taken records away. */
    public Map<TopicPartition, Long> begins() {
        return consumer.beginningOffsets(partitions);
    }

    /** Where the partitions end now. */
    public Map<TopicPartition, Long> ends() {
        findPartitions();
        return consumer.endOffsets(partitions);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
