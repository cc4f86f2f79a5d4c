package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.OutputHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** When a reader of committed records sees the first of a later epoch. Reads in a thread of its own. */
final class FirstOfEpoch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final CompletableFuture<Long> seenMillis = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean open = true;

    /** @param epoch the last one before */
    FirstOfEpoch(KafkaCluster kafka, String topic, long epoch) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = new Thread(() -> watch(consumer, epoch), "first-of-epoch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(KafkaConsumer<byte[], byte[]> consumer, long epoch) {
        try (consumer) {
            while (open && !seenMillis.isDone()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Header header = record.headers().lastHeader(OutputHeaders.SITE_EPOCH);
                    if (header != null && OutputHeaders.epochOf(header.value()) > epoch) {
                        seenMillis.complete(System.currentTimeMillis());
                    }
                }
            }
        } catch (RuntimeException e) {
            seenMillis.completeExceptionally(e);
        }
    }

    /** Milliseconds since 1970. */
    long await(Duration patience) {
        try {
            return seenMillis.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailedException(
                    "No output of the standby was committed in " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new CommandFailedException("Reading the standby's outputs failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while waiting for outputs", e);
        }
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
