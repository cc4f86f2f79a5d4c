package dev.rebound.deploy.gateway.live;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends what users did. An event is accepted once all brokers that must have it do. */
public final class EventSender implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    /** What is known of the topic, also while nobody sends. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int THREADS = 4;
    private static final int MOST_WAITING = 1_000;

    /** A send waits where the brokers were never reached: recommendations must not wait with it. */
    private final ExecutorService threads =
            new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING));

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final ThreadLocal<RecordCodec<BehaviourEvent>> codecs =
            ThreadLocal.withInitial(() -> RecordCodec.of(BehaviourEvent.class));

    public EventSender(KafkaCluster kafka, String topicPrefix) {
        this.topic = Topic.BEHAVIOUR_EVENTS.topicName(topicPrefix);
        this.producer = new KafkaProducer<>(
                kafka.client(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        1_000,
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                        KEPT.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS / 2,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Sends events, in their order.
     *
     * @param events valid ones
     * @return completes when Kafka has all of them; fails where it may not have some, which may be sent again with the same ids
     */
    public CompletableFuture<Void> send(List<BehaviourEvent> events) {
        try {
            return CompletableFuture.completedFuture(events).thenComposeAsync(this::sendAll, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> sendAll(List<BehaviourEvent> events) {
        List<CompletableFuture<?>> sent = new ArrayList<>(events.size());
        for (BehaviourEvent event : events) {
            CompletableFuture<?> one = send(event);
            sent.add(one);
            if (one.isCompletedExceptionally()) {
                // Each of the others would wait as long, and the whole is not accepted anyway.
                break;
            }
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<?> send(BehaviourEvent event) {
        CompletableFuture<Object> accepted = new CompletableFuture<>();
        try {
            var unused = producer.send(
                    new ProducerRecord<>(
                            topic,
                            event.getUserId().getBytes(StandardCharsets.UTF_8),
                            codecs.get().encode(event)),
                    (written, failure) -> {
                        if (failure == null) {
                            accepted.complete(written);
                        } else {
                            accepted.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException e) {
            accepted.completeExceptionally(e);
        }
        return accepted;
    }

    @Override
    public void close() {
        threads.shutdown();
        producer.close(Duration.ofMillis(PATIENCE_MILLIS));
    }
}
