package dev.rebound.deploy.gateway.local;

import dev.rebound.deploy.control.dr.Fences;
import dev.rebound.deploy.gateway.local.LocalStore.Changes;
import dev.rebound.deploy.gateway.local.LocalStore.Table;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.fence.EpochFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is held up to date with Kafka, from where it was read to last: committed records of the sites in force. Of behaviour
 * it begins a day back, all else at the beginning. What is away is tried again for ever; meanwhile what is held stays as it is.
 */
final class LocalFollower {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFollower.class);
    private static final List<Topic> TOPICS =
            List.of(Topic.CATALOG_UPDATES, Topic.USER_PROFILES, Topic.RECOMMENDATIONS, Topic.BEHAVIOUR_EVENTS);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final Duration PUBLISH = Duration.ofSeconds(1);
    private static final Duration BEHAVIOUR_OF = Duration.ofDays(1);

    private static final byte[] CAUGHT_UP = "caught-up".getBytes(StandardCharsets.UTF_8);
    private static final Duration END = Duration.ofSeconds(20);

    private final KafkaCluster kafka;
    private final String topicPrefix;
    private final Map<String, Topic> topics;
    private final LocalStore store;
    private final Popularity popularity;
    private final Held held;
    private final Thread thread;
    /** What has to be read before what is held is whole: where partitions ended when they were got. */
    private final Map<TopicPartition, Long> behind = new HashMap<>();

    private volatile boolean caughtUp;
    private volatile boolean closing;
    private volatile Optional<String> trouble = Optional.of("nothing has been read yet");
    private EpochFilter inForce = new EpochFilter();
    private String cluster = "";
    private long publishedNanos;

    private LocalFollower(KafkaCluster kafka, String topicPrefix, LocalStore store, Popularity popularity) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
        this.topics = TOPICS.stream().collect(Collectors.toMap(topic -> topic.topicName(topicPrefix), topic -> topic));
        this.store = store;
        this.popularity = popularity;
        this.held = new Held(store, popularity);
        this.thread = new Thread(this::run, "gateway-follower");
        this.thread.setDaemon(true);
    }

    static LocalFollower start(KafkaCluster kafka, String topicPrefix, LocalStore store, Popularity popularity) {
        LocalFollower follower = new LocalFollower(kafka, topicPrefix, store, popularity);
        follower.caughtUp = store.get(Table.POSITIONS, CAUGHT_UP) != null;
        follower.held.readPopularity();
        follower.thread.start();
        return follower;
    }

    /** Whether all was read that was there at the start, or a gateway before has done so. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /** Why nothing can be read now; empty where it can. */
    Optional<String> trouble() {
        return trouble;
    }

    private void run() {
        while (!closing) {
            try {
                follow();
            } catch (RuntimeException | ExecutionException e) {
                if (!closing) {
                    trouble = Optional.of(InnermostCause.of(e));
                    LOG.warn("What is held can't be brought up to date, trying again: {}", InnermostCause.of(e));
                    pause();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            closing = true;
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws ExecutionException, InterruptedException {
        findCluster();
        // Anew each time: it may have seen epochs in records that could not be written, and are read again.
        inForce = EpochFilter.of(Fences.read(kafka, topicPrefix));
        behind.clear();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            long lookedNanos = System.nanoTime();
            assign(consumer);
            while (!closing) {
                if (System.nanoTime() - lookedNanos > LOOK_FOR_PARTITIONS.toNanos()) {
                    assign(consumer);
                    lookedNanos = System.nanoTime();
                }
                take(consumer.poll(POLL));
                noteCaughtUp(consumer);
                trouble = Optional.empty();
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        10_000,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2_000)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Offsets of one cluster say nothing of another's. */
    private void findCluster() throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            cluster = admin.describeCluster().clusterId().get();
        }
    }

    private void assign(KafkaConsumer<byte[], byte[]> consumer) {
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics.keySet()) {
            List<PartitionInfo> partitions = known.get(topic);
            if (partitions == null) {
                throw new KafkaException("There is no topic " + topic + " on " + kafka);
            }
            partitions.forEach(each -> all.add(new TopicPartition(topic, each.partition())));
        }
        Set<TopicPartition> before = consumer.assignment();
        List<TopicPartition> added =
                all.stream().filter(each -> !before.contains(each)).toList();
        if (added.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> positions =
                before.stream().collect(Collectors.toMap(each -> each, consumer::position));
        consumer.assign(all);
        positions.forEach(consumer::seek);
        added.forEach(each -> seek(consumer, each));
        if (!caughtUp) {
            behind.putAll(consumer.endOffsets(added));
        }
    }

    private void seek(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        byte[] known = store.get(Table.POSITIONS, key(partition));
        if (known != null) {
            ByteBuffer position = ByteBuffer.wrap(known);
            consumer.seek(partition, position.getLong());
            inForce.restore(Map.of(partition, position.getLong()));
        } else if (topics.get(partition.topic()) == Topic.BEHAVIOUR_EVENTS) {
            long since = System.currentTimeMillis() - BEHAVIOUR_OF.toMillis();
            OffsetAndTimestamp start =
                    consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
            if (start == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, start.offset());
            }
        } else {
            consumer.seekToBeginning(List.of(partition));
        }
    }

    private byte[] key(TopicPartition partition) {
        return (cluster + "/" + partition).getBytes(StandardCharsets.UTF_8);
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            try (Changes changes = store.changes()) {
                Map<TopicPartition, Long> positions = new HashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    take(record, changes);
                    positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                }
                Map<TopicPartition, Long> epochs = inForce.highest();
                positions.forEach((partition, offset) -> changes.put(
                        Table.POSITIONS,
                        key(partition),
                        ByteBuffer.allocate(2 * Long.BYTES)
                                .putLong(offset)
                                .putLong(epochs.getOrDefault(partition, 0L))
                                .array()));
                changes.write();
            } finally {
                // Also of what could not be written: it is read again.
                held.clear();
            }
        }
        if (System.nanoTime() - publishedNanos > PUBLISH.toNanos()) {
            popularity.publish();
            publishedNanos = System.nanoTime();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Changes changes) {
        Topic topic = topics.get(record.topic());
        boolean isOutput = topic == Topic.RECOMMENDATIONS || topic == Topic.USER_PROFILES;
        if (topic == null || (isOutput && !inForce.accept(record))) {
            return;
        }
        try {
            held.take(topic, record, changes);
        } catch (UndecodableRecordException e) {
            // The job makes a dead letter of it.
            LOG.debug("{}-{}@{} is passed over: {}", record.topic(), record.partition(), record.offset(), e.reason());
        }
    }

    private void noteCaughtUp(KafkaConsumer<byte[], byte[]> consumer) {
        if (caughtUp) {
            return;
        }
        behind.entrySet().removeIf(each -> consumer.position(each.getKey()) >= each.getValue());
        if (behind.isEmpty()) {
            try (Changes changes = store.changes()) {
                changes.put(Table.POSITIONS, CAUGHT_UP, new byte[] {1});
                changes.write();
            }
            caughtUp = true;
        }
    }

    /** Ends; says whether it has, so that nobody closes what it still uses. */
    boolean end() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
