package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts, record by record, what one site took and the other does not have: knows nothing of offsets or mirrors. */
final class MissingInputs {
    private MissingInputs() {}

    /** A record by what is in it. */
    private record Content(String topic, ByteBuffer key, ByteBuffer value) {
        static Content of(ConsumerRecord<byte[], byte[]> record) {
            return new Content(record.topic(), wrap(record.key()), wrap(record.value()));
        }

        private static ByteBuffer wrap(byte[] bytes) {
            return ByteBuffer.wrap(bytes == null ? new byte[0] : bytes);
        }
    }

    static long count(KafkaCluster primary, KafkaCluster standby, Collection<String> topics) {
        Map<Content, Integer> there = new HashMap<>();
        try (TopicReader reader = new TopicReader(standby, List.copyOf(topics))) {
            reader.readToEnd(record -> there.merge(Content.of(record), 1, Integer::sum));
        }
        long[] missing = {0};
        try (TopicReader reader = new TopicReader(primary, List.copyOf(topics))) {
            reader.readToEnd(record -> {
                Content content = Content.of(record);
                if (there.merge(content, -1, Integer::sum) < 0) {
                    missing[0]++;
                }
            });
        }
        return missing[0];
    }
}
