package dev.rebound.operators.retraining;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link SliceProgress}, version 1. */
public final class SliceProgressSerializer extends RecordSerializer<SliceProgress> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public SliceProgressSerializer() {
        super("slice-progress", VERSION);
    }

    @Override
    public SliceProgress createInstance() {
        return new SliceProgress();
    }

    @Override
    public void serialize(SliceProgress progress, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(progress.current);
        out.writeInt(progress.collected);
        out.writeLong(progress.openedMillis);
        Wire.writeCount(progress.closed.size(), out);
        for (SliceProgress.Closed each : progress.closed) {
            out.writeLong(each.slice());
            out.writeLong(each.closedMillis());
        }
    }

    @Override
    public SliceProgress deserialize(SliceProgress reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Training progress of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.current = in.readLong();
        reuse.collected = in.readInt();
        reuse.openedMillis = in.readLong();
        reuse.closed.clear();
        for (int left = Wire.readCount(in); left > 0; left--) {
            reuse.closed.add(new SliceProgress.Closed(in.readLong(), in.readLong()));
        }
        return reuse;
    }
}
