package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends what one site took and the other never saw. Each record says where it is from, so that no mirror brings it back; one
 * that is sent twice is known by its id.
 */
final class InputResend {
    private final PartitionEnds ends;
    private final Site from;
    private final Site to;

    /** @param ends of the site that it is sent from */
    InputResend(PartitionEnds ends, Site from, Site to) {
        this.ends = ends;
        this.from = from;
        this.to = to;
    }

    /**
     * Sends them and waits until the other site has them.
     *
     * @param arrived up to where the other site has the topics
     * @return records by topic, only where there are any
     */
    Map<String, Long> send(Collection<String> topics, Map<TopicPartition, Long> arrived) {
        Map<String, Long> sent = new TreeMap<>();
        Map<String, Object> own =
                Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(to.kafka().client(own), new ByteArraySerializer(), new ByteArraySerializer())) {
            AtomicReference<Exception> failure = new AtomicReference<>();
            read(topics, arrived, record -> {
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
    long missing(Collection<String> topics, Map<TopicPartition, Long> arrived) {
        long[] count = {0};
        read(topics, arrived, record -> count[0]++);
        return count[0];
    }

    private void read(
            Collection<String> topics,
            Map<TopicPartition, Long> arrived,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Set<TopicPartition> partitions = ends.partitions(topics);
        Map<TopicPartition, Long> starts = new HashMap<>(ends.beginnings(partitions));
        starts.replaceAll((partition, begin) -> Math.max(begin, arrived.getOrDefault(partition, 0L)));
        try (TopicReader source = new TopicReader(from.kafka(), topics)) {
            source.from(starts).readTo(ends.stable(partitions), record -> {
                if (!MirrorTopics.isFrom(to.name(), record)) {
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
