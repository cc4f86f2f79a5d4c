package dev.rebound.deploy.control.mirror;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.deploy.site.topics.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Up to where a mirror has copied each partition of its source: the offset after the last record whose copy is committed. A
 * marker of a transaction is no record, so that a source that is copied whole may end later.
 */
public final class MirrorPositions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 5;

    private MirrorPositions() {}

    /**
     * Final once nothing copies: the mirror is stopped and {@link MirrorFence fenced}.
     *
     * @param source name of the site that is copied from
     * @return by partition of the source, exclusive; those of which nothing was copied are not in it
     */
    public static Map<TopicPartition, Long> read(KafkaCluster target, String source) {
        String topic = MirrorTopics.offsets(source);
        Map<TopicPartition, Long> positions = new HashMap<>();
        if (TopicNames.exist(target, topic)) {
            try (TopicReader reader = new TopicReader(target, List.of(topic))) {
                reader.readToEnd(record -> keep(record, positions));
            }
        }
        return positions;
    }

    private static void keep(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> positions) {
        try {
            JsonNode key = JSON.readTree(record.key());
            if (!key.path(0).asText().equals(MirrorTopics.CONNECTOR)) {
                return;
            }
            JsonNode from = key.path(1);
            TopicPartition partition = new TopicPartition(
                    from.required("topic").asText(), from.required("partition").asInt());
            if (record.value() == null) {
                positions.remove(partition);
            } else {
                positions.put(
                        partition,
                        JSON.readTree(record.value()).required("offset").asLong() + 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Offset " + record.offset() + " of " + record.topic() + " is not what a mirror writes", e);
        }
    }

    /**
     * Has a mirror that is not running begin there. It would leave out by itself what comes from its target, but keeps what it
     * leaves out in memory until it copies something, and begins there again when it is started again.
     *
     * @param positions by partition of the source, exclusive: the first offset to copy
     */
    public static void write(Site target, String source, Map<TopicPartition, Long> positions) {
        String topic = MirrorTopics.offsets(source);
        KafkaTopics.create(
                target.kafka(),
                new NewTopic(topic, PARTITIONS, target.topics().replication())
                        .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        Map<String, Object> settings = target.kafka().client(Map.of("enable.idempotence", true));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<?>> written = new ArrayList<>();
            positions.forEach((partition, position) ->
                    written.add(producer.send(new ProducerRecord<>(topic, key(source, partition), value(position)))));
            for (Future<?> each : written) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't write the positions of the mirror to " + topic + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while writing to " + topic, e);
        }
    }

    /** Byte for byte as the mirror writes it, which finds it by its bytes. */
    private static String key(String source, TopicPartition partition) {
        ArrayNode key = JSON.createArrayNode().add(MirrorTopics.CONNECTOR);
        key.addObject()
                .put("cluster", source)
                .put("partition", partition.partition())
                .put("topic", partition.topic());
        try {
            return new String(JSON.writeValueAsBytes(key), StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A key is always written", e);
        }
    }

    private static String value(long position) {
        return "{\"offset\":" + (position - 1) + "}";
    }
}
