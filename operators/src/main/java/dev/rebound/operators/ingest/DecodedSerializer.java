package dev.rebound.operators.ingest;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Moves {@link Decoded} records where a source is not chained to what follows. It never lives in state, so that it may
 * hold the serializer of its value.
 */
final class DecodedSerializer<T> extends RecordSerializer<Decoded<T>> {
    private static final long serialVersionUID = 1L;

    private final RecordSerializer<T> value;

    DecodedSerializer(RecordSerializer<T> value) {
        this.value = value;
    }

    @Override
    public Decoded<T> createInstance() {
        return new Decoded<>();
    }

    @Override
    public void serialize(Decoded<T> decoded, DataOutputView out) throws IOException {
        out.writeBoolean(decoded.value != null);
        if (decoded.value != null) {
            value.serialize(decoded.value, out);
        } else {
            Wire.writeBytes(RecordCodec.of(DeadLetter.class).encode(decoded.deadLetter), out);
            out.writeLong(decoded.deadLetterId);
        }
    }

    @Override
    public Decoded<T> deserialize(Decoded<T> reuse, DataInputView in) throws IOException {
        if (in.readBoolean()) {
            return reuse.of(value.deserialize(in));
        }
        try {
            DeadLetter letter = RecordCodec.of(DeadLetter.class).decode(Wire.readBytes(in), null);
            return reuse.of(letter, in.readLong());
        } catch (UndecodableRecordException e) {
            throw new IOException("A dead letter inside the job cannot be read", e);
        }
    }
}
