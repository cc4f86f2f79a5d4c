package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Asks the brokers of one site where partitions begin and end, by committed records. */
final class PartitionEnds implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaCluster kafka;
    private final Admin admin;
    /** Where {@link #afterLastRecords} has found the last one, and up to where it has looked. */
    private final Map<TopicPartition, Long> lastEnds = new HashMap<>();

    private final Map<TopicPartition, Long> looked = new HashMap<>();

    PartitionEnds(KafkaCluster kafka) {
        this.kafka = kafka;
        this.admin = kafka.admin(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()));
    }

    /** Every partition of those of the topics that exist. */
    Set<TopicPartition> partitions(Collection<String> topics) {
        return answer("the partitions of " + topics, () -> {
            Set<String> present = admin.listTopics().names().get();
            List<String> wanted = topics.stream().filter(present::contains).toList();
            return admin.describeTopics(wanted).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toSet());
        });
    }

    /** The last stable offsets: all that is before them is committed or aborted. */
    Map<TopicPartition, Long> stable(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    }

    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /** The first offsets whose records are not older; the ends where all are. */
    Map<TopicPartition, Long> notBefore(Collection<TopicPartition> partitions, long timestampMillis) {
        Map<TopicPartition, Long> found =
                offsets(partitions, OffsetSpec.forTimestamp(timestampMillis), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> ends = stable(partitions);
        found.replaceAll((partition, offset) -> offset < 0 ? ends.get(partition) : offset);
        return found;
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        return answer("offsets", () -> {
            Map<TopicPartition, OffsetSpec> asked =
                    partitions.stream().collect(Collectors.toMap(each -> each, each -> spec));
            Map<TopicPartition, ListOffsetsResultInfo> answered = admin.listOffsets(
                            asked, new ListOffsetsOptions(isolation))
                    .all()
                    .get();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            answered.forEach((partition, info) -> offsets.put(partition, info.offset()));
            return offsets;
        });
    }

    /**
     * The offsets after the last committed records that a mirror copies; 0 where there is none. Unlike the last stable offset
     * they do not count what is no record, such as the markers of transactions, of which a mirror tells nothing. Asked again, it
     * looks at what is new.
     *
     * @param target name of the site that is copied to: what comes from there is not copied back
     */
    Map<TopicPartition, Long> afterLastRecords(Collection<TopicPartition> partitions, String target) {
        Map<TopicPartition, Long> ends = stable(partitions);
        Map<TopicPartition, Long> begins = beginnings(partitions);
        begins.replaceAll((partition, begin) -> Math.max(begin, looked.getOrDefault(partition, 0L)));
        lastBefore(ends, begins, record -> !MirrorTopics.isFrom(target, record))
                .forEach((partition, last) -> lastEnds.put(partition, last.offset() + 1));
        looked.putAll(ends);
        Map<TopicPartition, Long> all = new HashMap<>();
        partitions.forEach(each -> all.put(each, lastEnds.getOrDefault(each, 0L)));
        return all;
    }

    private record Found(long offset, long timestamp) {}

    /** The last committed records before these ends that count, looked for backwards; none where there is none. */
    private Map<TopicPartition, Found> lastBefore(
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> begins,
            Predicate<ConsumerRecord<byte[], byte[]>> counts) {
        Map<TopicPartition, Found> found = new HashMap<>();
        Set<TopicPartition> open = new HashSet<>(ends.keySet());
        open.removeIf(each -> ends.get(each) <= begins.get(each));
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            for (long back = 1; !open.isEmpty(); back *= 4) {
                Map<TopicPartition, Long> starts = new HashMap<>();
                for (TopicPartition each : open) {
                    starts.put(each, Math.max(begins.get(each), ends.get(each) - back));
                }
                readBetween(consumer, starts, ends, counts, found);
                open.removeIf(each -> found.containsKey(each) || starts.get(each) <= begins.get(each));
            }
        }
        return found;
    }

    private static void readBetween(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Predicate<ConsumerRecord<byte[], byte[]>> counts,
            Map<TopicPartition, Found> found) {
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        while (starts.keySet().stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.get(partition) && counts.test(record)) {
                    found.put(partition, new Found(record.offset(), record.timestamp()));
                }
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                kafka.client(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * The timestamps of the last committed records before these offsets; a partition where there is none is missing. What is just
     * before an offset may be no record, but the marker of a transaction.
     */
    Map<TopicPartition, Long> timestampsBefore(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> ends = new HashMap<>(stable(offsets.keySet()));
        ends.replaceAll((partition, end) -> Math.min(end, offsets.get(partition)));
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        lastBefore(ends, beginnings(offsets.keySet()), record -> true)
                .forEach((partition, last) -> timestamps.put(partition, last.timestamp()));
        return timestamps;
    }

    /** The timestamps of the first committed records at or after these offsets; a partition where there is none is missing. */
    Map<TopicPartition, Long> timestampsFrom(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        firstFrom(offsets, record -> true).forEach((partition, first) -> timestamps.put(partition, first.timestamp()));
        return timestamps;
    }

    /**
     * The offsets of the first committed records that a mirror copies, at or after these; the ends where there is none.
     *
     * @param target as in {@link #afterLastRecords}
     */
    Map<TopicPartition, Long> firstRecords(Map<TopicPartition, Long> from, String target) {
        Map<TopicPartition, Long> found = stable(from.keySet());
        firstFrom(from, record -> !MirrorTopics.isFrom(target, record))
                .forEach((partition, first) -> found.put(partition, first.offset()));
        return found;
    }

    private Map<TopicPartition, Found> firstFrom(
            Map<TopicPartition, Long> from, Predicate<ConsumerRecord<byte[], byte[]>> counts) {
        Map<TopicPartition, Long> ends = stable(from.keySet());
        Map<TopicPartition, Long> begins = beginnings(from.keySet());
        Map<TopicPartition, Found> found = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(from.keySet());
            from.forEach((partition, offset) -> consumer.seek(partition, Math.max(offset, begins.get(partition))));
            while (from.keySet().stream()
                    .anyMatch(each -> !found.containsKey(each) && consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.get(partition) && counts.test(record)) {
                        found.putIfAbsent(partition, new Found(record.offset(), record.timestamp()));
                    }
                }
                consumer.pause(found.keySet());
            }
        }
        return found;
    }

    private interface Question<T> {
        T ask() throws ExecutionException, InterruptedException;
    }

    private <T> T answer(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't read " + what + " from the brokers at " + kafka + ": " + InnermostCause.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while asking the brokers at " + kafka, e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
