package dev.rebound.deploy.control.mirror;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.deploy.site.topics.TopicReader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which offset of a source became which one on the target. The mirror notes some of them, so that a translated offset may lie
 * before that of the record, and never after it.
 */
public final class OffsetSyncs {
    private final Map<TopicPartition, TreeMap<Long, Long>> byPartition = new HashMap<>();

    OffsetSyncs() {}

    /** @param source name of the site that is copied from; of one that was never copied there are none */
    public static OffsetSyncs read(KafkaCluster target, String source) {
        String topic = MirrorTopics.offsetSyncs(source);
        OffsetSyncs syncs = new OffsetSyncs();
        if (TopicNames.exist(target, topic)) {
            try (TopicReader reader = new TopicReader(target, List.of(topic))) {
                reader.readToEnd(syncs::add);
            }
        }
        return syncs;
    }

    /** Offset of the source to that on the target. */
    public NavigableMap<Long, Long> of(TopicPartition partition) {
        return Collections.unmodifiableNavigableMap(byPartition.getOrDefault(partition, new TreeMap<>()));
    }

    public Map<TopicPartition, NavigableMap<Long, Long>> all() {
        Map<TopicPartition, NavigableMap<Long, Long>> all = new HashMap<>();
        byPartition.keySet().forEach(partition -> all.put(partition, of(partition)));
        return all;
    }

    /** An offset of the target at or before the copy of this record of the source; empty if all that is noted is later. */
    public OptionalLong translate(TopicPartition partition, long offset) {
        Map.Entry<Long, Long> below = of(partition).floorEntry(offset);
        return below == null ? OptionalLong.empty() : OptionalLong.of(below.getValue());
    }

    /** The wire format is that of {@code org.apache.kafka.connect.mirror.OffsetSync}. */
    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            byte[] topic = new byte[key.getShort()];
            key.get(topic);
            TopicPartition partition = new TopicPartition(new String(topic, StandardCharsets.UTF_8), key.getInt());
            ByteBuffer value = ByteBuffer.wrap(record.value());
            add(partition, value.getLong(), value.getLong());
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new CommandFailedException(
                    "Offset " + record.offset() + " of " + record.topic() + " is not what a mirror writes", e);
        }
    }

    /** A topic that was made anew counts anew: what was noted of the old one is void. */
    void add(TopicPartition partition, long upstream, long downstream) {
        TreeMap<Long, Long> syncs = byPartition.computeIfAbsent(partition, key -> new TreeMap<>());
        syncs.tailMap(upstream, true).clear();
        while (!syncs.isEmpty() && syncs.lastEntry().getValue() >= downstream) {
            syncs.pollLastEntry();
        }
        syncs.put(upstream, downstream);
    }
}
