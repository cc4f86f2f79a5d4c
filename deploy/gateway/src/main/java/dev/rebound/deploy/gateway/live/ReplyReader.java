package dev.rebound.deploy.gateway.live;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.fence.EpochFilter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads those partitions of recommendation-responses that the group of all gateways leaves to this one, from their ends on. Of
 * a gateway that dies the others get the partitions; its answers are of no use to them.
 */
final class ReplyReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Consumer<Recommendation> answered;
    private final RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
    private final EpochFilter inForce = new EpochFilter();
    private final Set<Integer> own = new TreeSet<>();
    private final Thread thread;
    private volatile int[] partitions = {};
    private volatile boolean closing;

    private ReplyReader(KafkaCluster kafka, String topicPrefix, Consumer<Recommendation> answered) {
        this.topic = Topic.RECOMMENDATION_RESPONSES.topicName(topicPrefix);
        this.answered = answered;
        this.consumer = new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        topicPrefix + "gateways",
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        "consumer",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest",
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "gateway-replies");
        this.thread.setDaemon(true);
    }

    /** @param answered called on this reader's thread, which it must not hold up */
    static ReplyReader start(KafkaCluster kafka, String topicPrefix, Consumer<Recommendation> answered) {
        ReplyReader reader = new ReplyReader(kafka, topicPrefix, answered);
        reader.thread.start();
        return reader;
    }

    /** Where answers reach this gateway; empty while it has no partition. */
    int[] partitions() {
        return partitions;
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), new Ownership());
            while (!closing) {
                poll();
            }
        } catch (WakeupException e) {
            // The way that it ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        partitions = new int[0];
    }

    private void poll() throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("Answers can't be read, trying again: {}", e.getMessage());
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (!inForce.accept(record)) {
            return;
        }
        try {
            answered.accept(codec.decode(record.value(), null));
        } catch (UndecodableRecordException e) {
            LOG.warn("{}-{}@{} is no answer: {}", topic, record.partition(), record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(PAUSE.toMillis() * 5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            // Nobody here waits for what was answered before.
            consumer.seekToEnd(assigned);
            // Before any request names it: what is answered from now on is read.
            assigned.forEach(consumer::position);
            assigned.forEach(each -> own.add(each.partition()));
            tell();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(each -> own.remove(each.partition()));
            tell();
        }

        private void tell() {
            partitions = own.stream().mapToInt(Integer::intValue).toArray();
            LOG.info("Answers come back by partitions {} of {}", own, topic);
        }
    }
}
