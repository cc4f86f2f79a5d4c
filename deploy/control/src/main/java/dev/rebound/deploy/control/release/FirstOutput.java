package dev.rebound.deploy.control.release;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Waits for the first recommendation that is made from now on by a version. It sees those that no checkpoint has
 * committed yet.
 */
public final class FirstOutput implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final long startNanos;

    /** Starts to watch, and the clock. */
    public FirstOutput(KafkaCluster kafka, String topicPrefix) {
        consumer = new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_uncommitted",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(Topic.RECOMMENDATION_RESPONSES, Topic.RECOMMENDATIONS)
                .flatMap(topic -> consumer.partitionsFor(topic.topicName(topicPrefix)).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is lazy: this makes it happen before anything is released.
        partitions.forEach(consumer::position);
        startNanos = System.nanoTime();
    }

    /**
     * Waits for a recommendation by a version.
     *
     * @return the time since this began to watch
     * @throws CommandFailedException if there is none in time
     */
    public Duration await(String version, Duration patience) {
        return await(recommendation -> recommendation.getModelVersion().equals(version), version, patience);
    }

    /** Waits for one that is like this. */
    public Duration await(Predicate<Recommendation> wanted, String what, Duration patience) {
        while (elapsed().compareTo(patience) < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null && wanted.test(decode(record))) {
                    return elapsed();
                }
            }
        }
        throw new CommandFailedException("No recommendation by " + what + " in " + patience.toSeconds()
                + " s: either nobody asked, or the package was refused; see the topic "
                + Topic.ALERTS.shortName() + " and rebound doctor");
    }

    private Recommendation decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record.value(), null);
        } catch (UndecodableRecordException e) {
            throw new CommandFailedException(
                    record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(), e);
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
