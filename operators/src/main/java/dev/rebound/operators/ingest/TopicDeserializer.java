package dev.rebound.operators.ingest;

import dev.rebound.operators.features.CampaignSignal;
import dev.rebound.operators.features.CampaignSignalSerializer;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.features.ItemSignalSerializer;
import dev.rebound.operators.features.SideUpdate;
import dev.rebound.operators.features.SideUpdateSerializer;
import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes and validates the records of one topic at the source, so that a bad event time never reaches a watermark. What
 * cannot be used becomes a dead letter with its position; nothing is thrown.
 */
public final class TopicDeserializer<T> implements KafkaRecordDeserializationSchema<Decoded<T>> {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DEAD_BYTES = 64 * 1024;

    private final Class<T> type;
    private final RecordReader<T> reader;
    private final RecordSerializer<T> serializer;
    private transient Decoded<T> decoded;

    private TopicDeserializer(Class<T> type, RecordReader<T> reader, RecordSerializer<T> serializer) {
        this.type = type;
        this.reader = reader;
        this.serializer = serializer;
    }

    public static TopicDeserializer<UserSignal> behaviourEvents() {
        return new TopicDeserializer<>(UserSignal.class, new BehaviourEventReader(), new UserSignalSerializer());
    }

    public static TopicDeserializer<UserSignal> requests() {
        return new TopicDeserializer<>(UserSignal.class, new RequestReader(), new UserSignalSerializer());
    }

    public static TopicDeserializer<ItemSignal> catalog() {
        return new TopicDeserializer<>(ItemSignal.class, new CatalogReader(), new ItemSignalSerializer());
    }

    public static TopicDeserializer<CampaignSignal> campaigns() {
        return new TopicDeserializer<>(CampaignSignal.class, new CampaignReader(), new CampaignSignalSerializer());
    }

    public static TopicDeserializer<SideUpdate> releases() {
        return new TopicDeserializer<>(SideUpdate.class, new ReleaseReader(), new SideUpdateSerializer());
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        open();
    }

    /** Makes it ready; for whoever runs it outside a source. */
    public void open() {
        reader.open();
        decoded = new Decoded<>();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded<T>> out) {
        out.collect(decode(record));
    }

    /** The record's value or dead letter, in an instance that the next call overwrites. */
    public Decoded<T> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoded.of(reader.read(record));
        } catch (UndecodableRecordException e) {
            return decoded.of(deadLetter(record, e.reason(), e.getMessage()));
        } catch (InvalidRecordException e) {
            return decoded.of(deadLetter(record, e.reason(), e.getMessage()));
        }
    }

    private static DeadLetter deadLetter(
            ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setReason(reason)
                .setMessage(record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + message)
                .setKey(cut(record.key()))
                .setBytes(cut(record.value()))
                .setSeenAt(System.currentTimeMillis())
                .build();
    }

    private static ByteBuffer cut(byte[] bytes) {
        return bytes == null
                ? null
                : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, MAX_DEAD_BYTES))
                        .slice();
    }

    @Override
    @SuppressWarnings("unchecked") // a class literal has no type argument
    public TypeInformation<Decoded<T>> getProducedType() {
        Class<Decoded<T>> decodedType = (Class<Decoded<T>>) (Class<?>) Decoded.class;
        return new RecordTypeInformation<>(decodedType, new DecodedSerializer<>(serializer));
    }

    /** Type of the values. */
    public TypeInformation<T> valueType() {
        return new RecordTypeInformation<>(type, serializer);
    }
}
