package dev.rebound.operators.release;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link VersionHealth}s between tasks. */
public final class VersionHealthSerializer extends RecordSerializer<VersionHealth> {
    private static final long serialVersionUID = 1L;

    @Override
    public VersionHealth createInstance() {
        return new VersionHealth();
    }

    @Override
    public void serialize(VersionHealth health, DataOutputView out) throws IOException {
        Wire.writeString(health.model, out);
        Wire.writeString(health.version, out);
        out.writeByte(health.stage);
        out.writeLong(health.timeMillis);
        out.writeLong(health.users);
        out.writeLong(health.batches);
        out.writeLong(health.failedBatches);
        writeCounts(health.latencies, out);
        writeCounts(health.scores, out);
        out.writeLong(health.comparedUsers);
        out.writeDouble(health.topTenOverlap);
        out.writeDouble(health.rankCorrelation);
        writeCounts(health.liveScores, out);
    }

    @Override
    public VersionHealth deserialize(VersionHealth reuse, DataInputView in) throws IOException {
        reuse.model = Wire.readRequiredString(in);
        reuse.version = Wire.readRequiredString(in);
        reuse.stage = in.readByte();
        reuse.timeMillis = in.readLong();
        reuse.users = in.readLong();
        reuse.batches = in.readLong();
        reuse.failedBatches = in.readLong();
        readCounts(reuse.latencies, in);
        readCounts(reuse.scores, in);
        reuse.comparedUsers = in.readLong();
        reuse.topTenOverlap = in.readDouble();
        reuse.rankCorrelation = in.readDouble();
        readCounts(reuse.liveScores, in);
        return reuse;
    }

    private static void writeCounts(long[] counts, DataOutputView out) throws IOException {
        for (long count : counts) {
            out.writeLong(count);
        }
    }

    private static void readCounts(long[] counts, DataInputView in) throws IOException {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readLong();
        }
    }
}
