package dev.rebound.operators.ingest;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.campaigns.CampaignSignalSerializer;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalSerializer;
import dev.rebound.operators.release.ModelReleaseSerializer;
import dev.rebound.operators.retraining.ExampleSignal;
import dev.rebound.operators.retraining.ExampleSignalSerializer;
import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserSignalSerializer;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and validates the records of one topic at the source, so that a bad event time never reaches a watermark. What
 * cannot be used becomes a dead letter with its position; nothing is thrown.
 */
public final class TopicDeserializer<T> implements KafkaRecordDeserializationSchema<Decoded<T>> {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DEAD_BYTES = 64 * 1024;

    private final RecordReader<T> reader;
    private final RecordSerializer<T> serializer;
    private final Pseudonyms pseudonyms;
    private transient Decoded<T> decoded;

    private TopicDeserializer(Pseudonyms pseudonyms, RecordReader<T> reader, RecordSerializer<T> serializer) {
        this.pseudonyms = pseudonyms;
        this.reader = reader;
        this.serializer = serializer;
    }

    public static TopicDeserializer<UserSignal> behaviourEvents() {
        return behaviourEvents(Pseudonyms.none());
    }

    /** The same with other names for users. */
    public static TopicDeserializer<UserSignal> behaviourEvents(Pseudonyms pseudonyms) {
        return new TopicDeserializer<>(pseudonyms, new BehaviourEventReader(pseudonyms), new UserSignalSerializer());
    }

    public static TopicDeserializer<UserSignal> requests() {
        return requests(Pseudonyms.none());
    }

    /** The same with other names for users. */
    public static TopicDeserializer<UserSignal> requests(Pseudonyms pseudonyms) {
        return new TopicDeserializer<>(pseudonyms, new RequestReader(pseudonyms), new UserSignalSerializer());
    }

    public static TopicDeserializer<ItemSignal> catalog() {
        return new TopicDeserializer<>(Pseudonyms.none(), new CatalogReader(), new ItemSignalSerializer());
    }

    public static TopicDeserializer<CampaignSignal> campaigns() {
        return new TopicDeserializer<>(Pseudonyms.none(), new CampaignReader(), new CampaignSignalSerializer());
    }

    public static TopicDeserializer<ModelRelease> releases() {
        return new TopicDeserializer<>(Pseudonyms.none(), new ReleaseReader(), new ModelReleaseSerializer());
    }

    public static TopicDeserializer<ExampleSignal> examples() {
        return new TopicDeserializer<>(Pseudonyms.none(), new ExampleReader(), new ExampleSignalSerializer());
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        open();
    }

    /** Makes it ready; for whoever runs it outside a source. */
    public void open() {
        pseudonyms.open();
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

    /** Under pseudonyms it holds no bytes: its position says where they are. */
    private DeadLetter deadLetter(
            ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, @Nullable String message) {
        boolean open = !pseudonyms.isOn();
        return DeadLetter.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setReason(reason)
                .setMessage(record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + message)
                .setKey(open ? cut(record.key()) : pseudonym(record.key()))
                .setBytes(open ? cut(record.value()) : null)
                .setSeenAt(System.currentTimeMillis())
                .build();
    }

    private @Nullable ByteBuffer pseudonym(byte @Nullable [] key) {
        return key == null
                ? null
                : ByteBuffer.wrap(
                        pseudonyms.of(new String(key, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable ByteBuffer cut(byte @Nullable [] bytes) {
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

    /**
     * Type of the values. It is not a field: the JobManager's source coordinators read this class too, and Java initialises each
     * class that it reads a reference to. Avro's would then hold on to the job's class loader.
     */
    @SuppressWarnings("unchecked") // an object of the type
    public TypeInformation<T> valueType() {
        return new RecordTypeInformation<>(
                (Class<T>) serializer.createInstance().getClass(), serializer);
    }
}
