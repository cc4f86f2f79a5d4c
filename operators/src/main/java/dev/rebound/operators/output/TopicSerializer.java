package dev.rebound.operators.output;

import dev.rebound.schemas.Topic;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends each output record to its topic; the partition follows from the key. */
public final class TopicSerializer implements KafkaRecordSerializationSchema<OutputRecord> {
    private static final long serialVersionUID = 1L;

    private final Map<Topic, String> names = new EnumMap<>(Topic.class);

    /** @param topicPrefix what stands before every topic's name */
    public TopicSerializer(String topicPrefix) {
        for (Topic topic : Topic.values()) {
            names.put(topic, topic.topicName(topicPrefix));
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(OutputRecord record, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                names.get(record.topic()), null, record.timestampMillis(), record.key(), record.value());
    }
}
