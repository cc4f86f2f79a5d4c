package dev.rebound.operators.user;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link UserState}, version 3: 1 had no shown items, 2 no search. */
public final class UserStateSerializer extends RecordSerializer<UserState> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 3;

    public UserStateSerializer() {
        super("user", VERSION);
    }

    @Override
    public UserState createInstance() {
        return new UserState();
    }

    @Override
    public void serialize(UserState state, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        Wire.writeCount(state.counts.length, out);
        for (int count : state.counts) {
            Wire.writeCount(count, out);
        }
        out.writeLong(state.firstEventMillis);
        out.writeLong(state.lastEventMillis);
        out.writeLong(state.lastScoredMillis);
        Wire.writeCount(state.sessions, out);
        state.recent.write(out);
        state.duplicates.write(out);
        state.shown.write(out);
        state.search.write(out);
    }

    @Override
    public UserState deserialize(UserState reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException("User state of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        int types = Wire.readCount(in);
        for (int i = 0; i < types; i++) {
            reuse.counts[i] = Wire.readCount(in);
        }
        reuse.firstEventMillis = in.readLong();
        reuse.lastEventMillis = in.readLong();
        reuse.lastScoredMillis = in.readLong();
        reuse.sessions = Wire.readCount(in);
        reuse.recent.read(in);
        reuse.duplicates.read(in);
        if (version == 1) {
            reuse.shown.clear();
        } else {
            reuse.shown.read(in);
        }
        if (version < 3) {
            reuse.search.clear();
        } else {
            reuse.search.read(in);
        }
        return reuse;
    }
}
