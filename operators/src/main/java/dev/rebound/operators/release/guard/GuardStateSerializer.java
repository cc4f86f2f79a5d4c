package dev.rebound.operators.release.guard;

import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * State format of {@link GuardState}, version 1. The numbers of groups, registers and buckets are part of it: a change of
 * one is a new version.
 */
public final class GuardStateSerializer extends RecordSerializer<GuardState> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public GuardStateSerializer() {
        super("release-guard", VERSION);
    }

    @Override
    public GuardState createInstance() {
        return new GuardState();
    }

    @Override
    public void serialize(GuardState state, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        state.write(out);
    }

    @Override
    public GuardState deserialize(GuardState reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("A guard's state of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.read(in);
        return reuse;
    }
}
