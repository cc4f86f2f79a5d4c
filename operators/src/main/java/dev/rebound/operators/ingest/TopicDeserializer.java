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
import dev.rebound.schemas.fence.EpochFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes and validates the records of one topic at the source, so that a bad event time never reaches a watermark. What
 * cannot be used becomes a dead letter with its position; nothing is thrown.
 */
public final class TopicDeserializer<T> implements KafkaRecordDeserializationSchema<Decoded<T>> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(TopicDeserializer.class);
    private static final int MAX_DEAD_BYTES = 64 * 1024;

    private final RecordReader<T> reader;
    private final RecordSerializer<T> serializer;
    private final Pseudonyms pseudonyms;
    private final boolean readsOutputs;
    private transient Decoded<T> decoded;
    private transient EpochFilter inForce;
    private transient Counter outdated;

    private TopicDeserializer(Pseudonyms pseudonyms, RecordReader<T> reader, RecordSerializer<T> serializer) {
        this(pseudonyms, reader, serializer, false);
    }

    /** @param readsOutputs whether records are outputs of a job, of which those of a site that was taken over do not count */
    private TopicDeserializer(
            Pseudonyms pseudonyms, RecordReader<T> reader, RecordSerializer<T> serializer, boolean readsOutputs) {
        this.pseudonyms = pseudonyms;
        this.reader = reader;
        this.serializer = serializer;
        this.readsOutputs = readsOutputs;
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
        return new TopicDeserializer<>(Pseudonyms.none(), new ExampleReader(), new ExampleSignalSerializer(), true);
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        open();
        outdated = context.getMetricGroup().addGroup("rebound").counter("outdated_epoch_records_total");
    }

    /** Makes it ready; for whoever runs it outside a source. */
    public void open() {
        pseudonyms.open();
        reader.open();
        decoded = new Decoded<>();
        inForce = new EpochFilter();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded<T>> out) {
        if (readsOutputs && !inForce.accept(record)) {
            refused();
            return;
        }
        out.collect(decode(record));
    }

    /** What was seen is not in the checkpoint: after a restart the first record of a partition is taken whatever its epoch. */
    private void refused() {
        if (inForce.refused() == 1) {
            LOG.warn(
                    "A site that was taken over still writes: {}; passed over",
                    inForce.firstRefusal().orElseThrow());
        }
        outdated.inc();
    }

    /** The record's value or dead letter, in an instance that the next call overwrites. */
    public Decoded<T> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoded.of(reader.read(record));
        } catch (UndecodableRecordException e) {
            return dead(record, e.reason(), e.getMessage());
        } catch (InvalidRecordException e) {
            return dead(record, e.reason(), e.getMessage());
        }
    }

    private Decoded<T> dead(ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, @Nullable String message) {
        DeadLetter letter = deadLetter(record, reason, message);
        return decoded.of(letter, DeadLetterId.of(record, letter.getKey()));
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
