package dev.rebound.deploy.ops.chaos;

import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches the answers to requests, as the shop's pages would, and notes when none came. Has a thread of its own, since the
 * commands that inject and heal take their time.
 */
final class OutputWatch implements AutoCloseable {
    /** A shorter pause is no silence: garbage collection and checkpoints make those. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean open = true;
    private long lastMillis;
    private long silenceEndedMillis;
    private long silenceNoticedMillis;
    private long since;

    OutputWatch(String bootstrapServers, String topicPrefix) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topic.RECOMMENDATION_RESPONSES.topicName(topicPrefix)).stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        thread = new Thread(this::watch, "output-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try (consumer) {
            while (open) {
                for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(POLL)) {
                    note(answer.timestamp());
                }
            }
        }
    }

    /** Answers of several tasks come nearly in the order of their time. */
    private synchronized void note(long producedMillis) {
        if (producedMillis < since) {
            return;
        }
        if (producedMillis - lastMillis >= SILENCE.toMillis()) {
            silenceEndedMillis = producedMillis;
            if (silenceNoticedMillis == 0) {
                silenceNoticedMillis = lastMillis + SILENCE.toMillis();
            }
        }
        lastMillis = Math.max(lastMillis, producedMillis);
    }

    /** Begins anew: silences from now on count. */
    synchronized void reset() {
        since = System.currentTimeMillis();
        lastMillis = since;
        silenceEndedMillis = 0;
        silenceNoticedMillis = 0;
    }

    /** When the newest answer was made, milliseconds since 1970. */
    synchronized long lastMillis() {
        return lastMillis;
    }

    /** When the first answer after the last silence was made; empty where there was no silence. */
    synchronized OptionalLong silenceEndedMillis() {
        return silenceEndedMillis == 0 ? OptionalLong.empty() : OptionalLong.of(silenceEndedMillis);
    }

    /** When whoever waits for answers saw that none had come for so long; empty where there was no silence. */
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
