package dev.rebound.operators.release.guard;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link VersionOutcome}s between tasks. */
public final class VersionOutcomeSerializer extends RecordSerializer<VersionOutcome> {
    private static final long serialVersionUID = 1L;

    @Override
    public VersionOutcome createInstance() {
        return new VersionOutcome();
    }

    @Override
    public void serialize(VersionOutcome outcome, DataOutputView out) throws IOException {
        Wire.writeString(outcome.modelVersion, out);
        out.writeLong(outcome.userHash);
        out.writeLong(outcome.scoredMillis);
        Wire.writeCount(outcome.impressions, out);
        Wire.writeCount(outcome.clicks, out);
        Wire.writeCount(outcome.conversions, out);
    }

    @Override
    public VersionOutcome deserialize(VersionOutcome reuse, DataInputView in) throws IOException {
        reuse.modelVersion = Wire.readRequiredString(in);
        reuse.userHash = in.readLong();
        reuse.scoredMillis = in.readLong();
        reuse.impressions = Wire.readCount(in);
        reuse.clicks = Wire.readCount(in);
        reuse.conversions = Wire.readCount(in);
        return reuse;
    }
}
