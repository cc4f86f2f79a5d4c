package dev.rebound.operators.output;

import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.Topic;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Sends each output record to its topic, with its {@link OutputHeaders}; the partition follows from the key, or is the
 * record's own. */
public final class TopicSerializer implements KafkaRecordSerializationSchema<OutputRecord> {
    private static final long serialVersionUID = 1L;

    private final Map<Topic, String> names = new EnumMap<>(Topic.class);
    private final long siteEpoch;
    private transient Header epoch;
    private transient List<Header> epochAlone;

    /**
     * @param topicPrefix what stands before every topic's name
     * @param siteEpoch which take-over of the site the records are of
     */
    public TopicSerializer(String topicPrefix, long siteEpoch) {
        for (Topic topic : Topic.values()) {
            names.put(topic, topic.topicName(topicPrefix));
        }
        this.siteEpoch = siteEpoch;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
        epoch = new RecordHeader(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(siteEpoch));
        epochAlone = List.of(epoch);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(OutputRecord record, KafkaSinkContext context, Long timestamp) {
        String topic = names.get(record.topic());
        return new ProducerRecord<>(
                topic,
                partition(record.partition(), topic, context),
                record.timestampMillis(),
                record.key(),
                record.value(),
                headers(record.id()));
    }

    /** A producer waits for a partition that is not there, and then fails: the job would send the same again for ever. */
    private static @Nullable Integer partition(int wanted, String topic, KafkaSinkContext context) {
        if (wanted != OutputRecord.BY_KEY) {
            for (int there : context.getPartitionsForTopic(topic)) {
                if (there == wanted) {
                    return wanted;
                }
            }
        }
        return null;
    }

    private List<Header> headers(long id) {
        return id == OutputRecord.NO_ID
                ? epochAlone
                : List.of(epoch, new RecordHeader(OutputHeaders.ID, OutputHeaders.id(id)));
    }
}
