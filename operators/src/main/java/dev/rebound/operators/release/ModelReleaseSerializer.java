package dev.rebound.operators.release;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link ModelRelease}s between tasks, as they lie on their topic; a few a day, so that none is reused. */
public final class ModelReleaseSerializer extends RecordSerializer<ModelRelease> {
    private static final long serialVersionUID = 1L;

    @Override
    public ModelRelease createInstance() {
        return new ModelRelease();
    }

    @Override
    public void serialize(ModelRelease release, DataOutputView out) throws IOException {
        Wire.writeBytes(RecordCodec.of(ModelRelease.class).encode(release), out);
    }

    @Override
    public ModelRelease deserialize(ModelRelease reuse, DataInputView in) throws IOException {
        try {
            return RecordCodec.of(ModelRelease.class).decode(Wire.readBytes(in), null);
        } catch (UndecodableRecordException e) {
            throw new IOException("A release inside the job cannot be read", e);
        }
    }
}
