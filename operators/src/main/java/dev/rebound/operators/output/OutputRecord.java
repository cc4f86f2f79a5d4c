package dev.rebound.operators.output;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** An encoded record and the topic that it goes to. A null value is a tombstone. */
public final class OutputRecord {
    /** The id of what has none: it is not made again from the same cause, or may be as often as it is. */
    public static final long NO_ID = 0;

    /** No partition of its own. */
    public static final int BY_KEY = -1;

    /** For Flink. */
    public static final TypeInformation<OutputRecord> TYPE =
            new RecordTypeInformation<>(OutputRecord.class, new Serializer());

    private static final Topic[] TOPICS = Topic.values();

    private Topic topic;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private long timestampMillis;
    private long id;
    private int partition = BY_KEY;

    private OutputRecord() {
        this(Topic.DEAD_LETTERS, null, null, 0);
    }

    /** A record without an id. */
    public OutputRecord(Topic topic, byte @Nullable [] key, byte @Nullable [] value, long timestampMillis) {
        this(topic, key, value, timestampMillis, NO_ID);
    }

    /** @param id a hash of what the record is of, the same whenever it is made again, on whichever site */
    public OutputRecord(Topic topic, byte @Nullable [] key, byte @Nullable [] value, long timestampMillis, long id) {
        this.topic = topic;
        this.key = key;
        this.value = value;
        this.timestampMillis = timestampMillis;
        this.id = id;
    }

    public Topic topic() {
        return topic;
    }

    public byte @Nullable [] key() {
        return key;
    }

    public byte @Nullable [] value() {
        return value;
    }

    /** The Kafka record's timestamp. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** By which it is known when it is made again; {@link #NO_ID} where it is not. */
    public long id() {
        return id;
    }

    /** The same for a partition of the caller's; {@link #BY_KEY} for that of the key. */
    public OutputRecord to(int wantedPartition) {
        partition = wantedPartition;
        return this;
    }

    /** That it goes to where the topic has it; {@link #BY_KEY} for that of the key. */
    public int partition() {
        return partition;
    }

    /** Moves output records between tasks that are not chained. */
    public static final class Serializer extends RecordSerializer<OutputRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        public OutputRecord createInstance() {
            return new OutputRecord();
        }

        @Override
        public void serialize(OutputRecord record, DataOutputView out) throws IOException {
            out.writeByte(record.topic.ordinal());
            Wire.writeBytes(record.key, out);
            Wire.writeBytes(record.value, out);
            out.writeLong(record.timestampMillis);
            out.writeLong(record.id);
            out.writeInt(record.partition);
        }

        @Override
        public OutputRecord deserialize(OutputRecord reuse, DataInputView in) throws IOException {
            reuse.topic = TOPICS[in.readByte()];
            reuse.key = Wire.readBytes(in);
            reuse.value = Wire.readBytes(in);
            reuse.timestampMillis = in.readLong();
            reuse.id = in.readLong();
            reuse.partition = in.readInt();
            return reuse;
        }
    }
}
