package dev.rebound.deploy.gateway.live;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.fence.EpochFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads those partitions of recommendation-responses that the group of all gateways leaves to this one, from their ends on. Of
 * a gateway that dies the others get the partitions; its answers are of no use to them.
 */
final class ReplyReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LEAVE = Duration.ofSeconds(3);
    private static final Duration END = Duration.ofSeconds(10);

    private final KafkaCluster kafka;
    private final String groupId;
    private final String topic;
    private final Consumer<Recommendation> answered;
    private final RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
    private final EpochFilter inForce = new EpochFilter();
    /** Those that are read from where they ended when they were got. */
    private final Set<Integer> own = new TreeSet<>();

    private final Thread thread;
    private volatile int[] partitions = {};
    private volatile boolean closing;

    private ReplyReader(KafkaCluster kafka, String topicPrefix, Consumer<Recommendation> answered) {
        this.kafka = kafka;
        this.groupId = topicPrefix + "gateways";
        this.topic = Topic.RECOMMENDATION_RESPONSES.topicName(topicPrefix);
        this.answered = answered;
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
        while (!closing) {
            try {
                read();
            } catch (RuntimeException e) {
                if (!closing) {
                    LOG.warn("Answers can't be read, trying again: {}", e.getMessage());
                    pause();
                }
            } finally {
                // Nobody reads them until there is another consumer: no request must name them.
                own.clear();
                partitions = new int[0];
            }
        }
    }

    private void read() {
        KafkaConsumer<byte[], byte[]> consumer = consumer();
        try {
            consumer.subscribe(List.of(topic));
            while (!closing) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                takeUp(consumer);
                records.forEach(this::take);
            }
        } finally {
            // Leaves the group, so that others get the partitions at once; where Kafka is away nobody waits for that.
            consumer.close(CloseOptions.timeout(LEAVE));
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        groupId,
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
    }

    /** Names a partition to requests only once it is read from a known place: what is answered from then on is seen. */
    private void takeUp(KafkaConsumer<byte[], byte[]> consumer) {
        Set<Integer> assigned = consumer.assignment().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toCollection(TreeSet::new));
        if (assigned.equals(own)) {
            return;
        }
        own.retainAll(assigned);
        for (int partition : assigned) {
            if (!own.contains(partition)) {
                TopicPartition added = new TopicPartition(topic, partition);
                consumer.seekToEnd(List.of(added));
                consumer.position(added);
                own.add(partition);
            }
        }
        partitions = own.stream().mapToInt(Integer::intValue).toArray();
        LOG.info("Answers come back by partitions {} of {}", own, topic);
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

    private void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
