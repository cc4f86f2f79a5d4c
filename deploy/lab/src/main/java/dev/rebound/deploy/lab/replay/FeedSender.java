package dev.rebound.deploy.lab.replay;

import dev.failsafe.RateLimiter;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends feeds to Kafka: idempotent, acknowledged by all replicas, in large compressed batches. */
public final class FeedSender implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MAX_REQUEST_BYTES = 2 * 1024 * 1024;
    /** A pause is never shorter than what a thread can sleep with any precision. */
    private static final int PAUSES_PER_SECOND = 100;

    private final Producer<byte[], byte[]> producer;
    private final KafkaCluster kafka;
    private final String topicPrefix;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    public FeedSender(KafkaCluster kafka, String topicPrefix) {
        this(kafka, topicPrefix, PATIENCE);
    }

    /** @param patience how long a broker may be away before a record counts as refused */
    public FeedSender(KafkaCluster kafka, String topicPrefix, Duration patience) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
        this.producer = new KafkaProducer<>(
                kafka.client(Map.of(
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        512 * 1024,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64L * 1024 * 1024,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) patience.toMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        patience.toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Sends all of a feed and waits until it is acknowledged.
     *
     * @param recordsPerSecond 0 for as fast as possible
     * @param progress told now and then how many records were sent
     * @throws CommandFailedException if Kafka refuses a record
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every failure
    public SentCounts send(Iterator<FeedRecord> feed, double recordsPerSecond, LongConsumer progress) {
        Map<Topic, Long> counts = new EnumMap<>(Topic.class);
        long begin = System.nanoTime();
        Pace pace = recordsPerSecond > 0 ? new Pace(recordsPerSecond) : Pace.UNLIMITED;
        long sent = 0;
        while (feed.hasNext()) {
            pace.await();
            FeedRecord record = feed.next();
            producer.send(
                    new ProducerRecord<>(record.topic().topicName(topicPrefix), record.key(), record.value()),
                    (metadata, refused) -> failure.compareAndSet(null, refused));
            counts.merge(record.topic(), 1L, Long::sum);
            if (++sent % 1000 == 0) {
                throwFailure();
                progress.accept(sent);
            }
        }
        producer.flush();
        throwFailure();
        return new SentCounts(counts, Duration.ofNanos(System.nanoTime() - begin));
    }

    private void throwFailure() {
        Exception refused = failure.get();
        if (refused != null) {
            throw new CommandFailedException(
                    "Kafka at " + kafka + " refused a record of " + topicPrefix + "*: "
                            + refused.getMessage()
                            + ". Check the broker and that the topics exist (rebound stack status).",
                    refused);
        }
    }

    /** Who is interrupted does not wait for what a broker may never acknowledge. */
    @Override
    public void close() {
        if (Thread.interrupted()) {
            producer.close(Duration.ZERO);
            Thread.currentThread().interrupt();
        } else {
            producer.close();
        }
    }

    /** Waits for permits in groups, so that a high rate does not need a sleep per record. */
    private static final class Pace {
        static final Pace UNLIMITED = new Pace();

        private final @Nullable RateLimiter<Object> limiter;
        private final int group;
        private int left;

        private Pace() {
            limiter = null;
            group = 1;
        }

        Pace(double perSecond) {
            group = (int) Math.max(1, perSecond / PAUSES_PER_SECOND);
            limiter = RateLimiter.smoothBuilder(Duration.ofNanos((long) (1e9 / perSecond * group)))
                    .build();
        }

        void await() {
            if (limiter == null || left-- > 0) {
                return;
            }
            left = group - 1;
            try {
                limiter.acquirePermit();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("Interrupted while sending", e);
            }
        }
    }
}
