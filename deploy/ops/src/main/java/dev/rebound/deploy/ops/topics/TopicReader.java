package dev.rebound.deploy.ops.topics;

import dev.rebound.deploy.ops.console.CommandFailedException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
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
    public TopicReader(String bootstrapServers, Collection<String> topics) {
        this(bootstrapServers, topics, IsolationLevel.READ_COMMITTED);
    }

    /** A reader that may also see what was never committed: to show that others do not. */
    public TopicReader(String bootstrapServers, Collection<String> topics, IsolationLevel isolation) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
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
                        8 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topics = List.copyOf(topics);
        for (String topic : topics) {
            if (consumer.partitionsFor(topic).isEmpty()) {
                consumer.close();
                throw new CommandFailedException("There is no topic " + topic + " on " + bootstrapServers
                        + "; check --topic-prefix and that the job was submitted");
            }
        }
        findPartitions();
    }

    /** Takes up partitions that were added since, from their beginning. */
    private void findPartitions() {
        List<TopicPartition> now = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        List<TopicPartition> added =
                now.stream().filter(each -> !partitions.contains(each)).toList();
        if (!added.isEmpty()) {
            consumer.assign(now);
            consumer.seekToBeginning(added);
            partitions = now;
        }
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
