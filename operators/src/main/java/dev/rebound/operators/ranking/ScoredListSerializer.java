package dev.rebound.operators.ranking;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link ScoredList}s, and is their state format, version 1. */
public final class ScoredListSerializer extends RecordSerializer<ScoredList> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public ScoredListSerializer() {
        super("scored-list", VERSION);
    }

    @Override
    public ScoredList createInstance() {
        return new ScoredList();
    }

    @Override
    public void serialize(ScoredList list, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        Wire.writeString(list.userId, out);
        out.writeBoolean(list.erasesUser);
        Wire.writeString(list.requestId, out);
        Wire.writeString(list.recommendationId, out);
        Wire.writeString(list.modelVersion, out);
        out.writeByte(list.scenario);
        out.writeLong(list.requestedMillis);
        out.writeLong(list.scoredMillis);
        Wire.writeStrings(list.recentItemIds, out);
        Wire.writeStrings(list.itemIds, out);
        writeFloats(list.scores, out);
        writeFloats(list.propensities, out);
        writeFloats(list.dense, out);
    }

    @Override
    public ScoredList deserialize(ScoredList reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("A scored list of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.userId = Wire.readRequiredString(in);
        reuse.erasesUser = in.readBoolean();
        reuse.requestId = Wire.readRequiredString(in);
        reuse.recommendationId = Wire.readRequiredString(in);
        reuse.modelVersion = Wire.readRequiredString(in);
        reuse.scenario = in.readByte();
        reuse.requestedMillis = in.readLong();
        reuse.scoredMillis = in.readLong();
        reuse.recentItemIds = Wire.readStrings(in);
        reuse.itemIds = Wire.readStrings(in);
        reuse.scores = readFloats(in);
        reuse.propensities = readFloats(in);
        reuse.dense = readFloats(in);
        return reuse;
    }

    private static void writeFloats(float[] values, DataOutputView out) throws IOException {
        Wire.writeCount(values.length, out);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static float[] readFloats(DataInputView in) throws IOException {
        float[] values = new float[Wire.readCount(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
