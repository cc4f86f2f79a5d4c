package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends what one site took and the other never saw. Each record says where it is from, so that no mirror brings it back; one
 * that is sent twice is known by its id.
 */
final class InputResend {
    private final Site from;
    private final Site to;
    private final Map<TopicPartition, Long> arrived;
    private final Map<TopicPartition, Long> ends;

    /**
     * @param arrived up to where the other site has the topics
     * @param ends up to where they are sent
     */
    InputResend(Site from, Site to, Map<TopicPartition, Long> arrived, Map<TopicPartition, Long> ends) {
        this.from = from;
        this.to = to;
        this.arrived = arrived;
        this.ends = ends;
    }

    /**
     * Sends them and waits until the other site has them.
     *
     * @param byKey those of the topics of which a later record of a key replaces an earlier one: what the other site was told since
     *     stays
     * @return records by topic, only where there are any
     */
    Map<String, Long> send(Collection<String> topics, Collection<String> byKey) {
        Map<Key, Long> toldThere = toldThere(byKey);
        Map<String, Long> sent = new TreeMap<>();
        Map<String, Object> own =
                Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(to.kafka().client(own), new ByteArraySerializer(), new ByteArraySerializer())) {
            AtomicReference<Exception> failure = new AtomicReference<>();
            read(topics, record -> {
                if (toldThere.getOrDefault(Key.of(record), Long.MIN_VALUE) >= record.timestamp()) {
                    return;
                }
                var unusedSinceTheCallbackTells = producer.send(copy(record), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
                sent.merge(record.topic(), 1L, Long::sum);
            });
            producer.flush();
            if (failure.get() != null) {
                throw new CommandFailedException(
                        "Inputs that had not arrived can't be sent to " + to.kafka() + ": "
                                + InnermostCause.of(failure.get()),
                        failure.get());
            }
        }
        return sent;
    }

    /** How many there are. */
    long missing(Collection<String> topics) {
        long[] count = {0};
        read(topics, record -> count[0]++);
        return count[0];
    }

    private record Key(String topic, @Nullable ByteBuffer key) {
        static Key of(ConsumerRecord<byte[], byte[]> record) {
            return new Key(record.topic(), record.key() == null ? null : ByteBuffer.wrap(record.key()));
        }
    }

    /** When the other site was told last of a key by its own producers. */
    private Map<Key, Long> toldThere(Collection<String> byKey) {
        Map<Key, Long> times = new HashMap<>();
        if (!byKey.isEmpty()) {
            try (TopicReader there = new TopicReader(to.kafka(), byKey)) {
                there.readToEnd(record -> {
                    if (!MirrorTopics.isFrom(from.name(), record)) {
                        times.merge(Key.of(record), record.timestamp(), Math::max);
                    }
                });
            }
        }
        return times;
    }

    private void read(Collection<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<TopicPartition, Long> until = new HashMap<>(ends);
        until.keySet().removeIf(partition -> !topics.contains(partition.topic()));
        try (TopicReader source = new TopicReader(from.kafka(), topics)) {
            Map<TopicPartition, Long> starts = new HashMap<>(source.begins());
            starts.keySet().retainAll(until.keySet());
            starts.replaceAll((partition, begin) -> Math.max(begin, arrived.getOrDefault(partition, 0L)));
            source.from(starts).readTo(until, record -> {
                long end = until.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
                if (record.offset() < end && !MirrorTopics.isFrom(to.name(), record)) {
                    reader.accept(record);
                }
            });
        }
    }

    private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record) {
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(
                record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), record.headers());
        if (record.headers().lastHeader(MirrorTopics.ORIGIN) == null) {
            copy.headers().add(MirrorTopics.ORIGIN, from.name().getBytes(StandardCharsets.UTF_8));
        }
        return copy;
    }
}
