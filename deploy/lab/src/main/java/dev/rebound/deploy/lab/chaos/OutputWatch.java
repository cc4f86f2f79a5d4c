package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic of outputs, as the shop's pages would, and notes when nothing came. Has a thread of its own, since the commands
 * that inject and heal take their time.
 */
final class OutputWatch implements AutoCloseable {
    /** A shorter pause is no silence: garbage collection and checkpoints make those. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Duration silence;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean open = true;
    private long lastMillis;
    private long silenceEndedMillis;
    private long silenceNoticedMillis;

    /** @param silence a shorter pause is none */
    private OutputWatch(KafkaCluster kafka, String topic, IsolationLevel isolation, Duration silence) {
        this.silence = silence;
        consumer = new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        thread = new Thread(this::watch, "watch-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    /** Of the answers to requests, which come at once. */
    static OutputWatch ofAnswers(KafkaCluster kafka, String topicPrefix) {
        return new OutputWatch(
                kafka, Topic.RECOMMENDATION_RESPONSES.topicName(topicPrefix), IsolationLevel.READ_UNCOMMITTED, SILENCE);
    }

    /**
     * Of the recommendations, which a reader of committed records gets with each checkpoint.
     *
     * @param interval of the checkpoints
     */
    static OutputWatch ofCommitted(KafkaCluster kafka, String topicPrefix, Duration interval) {
        return new OutputWatch(
                kafka,
                Topic.RECOMMENDATIONS.topicName(topicPrefix),
                IsolationLevel.READ_COMMITTED,
                interval.multipliedBy(3).dividedBy(2).plus(SILENCE));
    }

    private void watch() {
        try (consumer) {
            while (open) {
                if (!consumer.poll(POLL).isEmpty()) {
                    note(System.currentTimeMillis());
                }
            }
        }
    }

    private synchronized void note(long nowMillis) {
        if (nowMillis - lastMillis >= silence.toMillis()) {
            silenceEndedMillis = nowMillis;
            if (silenceNoticedMillis == 0) {
                silenceNoticedMillis = lastMillis + silence.toMillis();
            }
        }
        lastMillis = nowMillis;
    }

    /** Begins anew: silences from now on count. */
    synchronized void reset() {
        lastMillis = System.currentTimeMillis();
        silenceEndedMillis = 0;
        silenceNoticedMillis = 0;
    }

    /** When the newest output came, milliseconds since 1970. */
    synchronized long lastMillis() {
        return lastMillis;
    }

    /** When the first output after the last silence came; empty where there was no silence. */
    synchronized OptionalLong silenceEndedMillis() {
        return silenceEndedMillis == 0 ? OptionalLong.empty() : OptionalLong.of(silenceEndedMillis);
    }

    /** When whoever waits for outputs saw that none had come for so long; empty where there was no silence. */
    synchronized OptionalLong silenceNoticedMillis() {
        return silenceNoticedMillis == 0 ? OptionalLong.empty() : OptionalLong.of(silenceNoticedMillis);
    }

    @Override
    public void close() {
        open = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
