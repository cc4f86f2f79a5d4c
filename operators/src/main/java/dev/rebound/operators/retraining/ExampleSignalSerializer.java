package dev.rebound.operators.retraining;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link ExampleSignal}s between tasks; never in state. */
public final class ExampleSignalSerializer extends RecordSerializer<ExampleSignal> {
    private static final long serialVersionUID = 1L;

    @Override
    public ExampleSignal createInstance() {
        return new ExampleSignal();
    }

    @Override
    public void serialize(ExampleSignal signal, DataOutputView out) throws IOException {
        Wire.writeString(signal.userId, out);
        Wire.writeBytes(signal.value, out);
        Wire.writeString(signal.recommendationId, out);
        Wire.writeString(signal.itemId, out);
        Wire.writeCount(signal.width, out);
        out.writeBoolean(signal.labelled);
    }

    @Override
    public ExampleSignal deserialize(ExampleSignal reuse, DataInputView in) throws IOException {
        reuse.userId = Wire.readRequiredString(in);
        reuse.value = Wire.readBytes(in);
        reuse.recommendationId = Wire.readRequiredString(in);
        reuse.itemId = Wire.readRequiredString(in);
        reuse.width = Wire.readCount(in);
        reuse.labelled = in.readBoolean();
        return reuse;
    }
}
