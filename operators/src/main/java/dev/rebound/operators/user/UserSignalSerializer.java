package dev.rebound.operators.user;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link UserSignal}s between tasks. */
public final class UserSignalSerializer extends RecordSerializer<UserSignal> {
    private static final long serialVersionUID = 1L;
    private static final UserSignal.Kind[] KINDS = UserSignal.Kind.values();

    @Override
    public UserSignal createInstance() {
        return new UserSignal();
    }

    @Override
    public void serialize(UserSignal signal, DataOutputView out) throws IOException {
        out.writeByte(signal.kind.ordinal());
        Wire.writeString(signal.userId, out);
        Wire.writeString(signal.id, out);
        out.writeLong(signal.timeMillis);
        out.writeLong(signal.recordMillis);
        out.writeInt(signal.replyPartition);
        out.writeByte(signal.type);
        out.writeLong(signal.itemKey);
        out.writeLong(signal.campaignKey);
        out.writeLong(signal.costMinor);
        Wire.writeString(signal.query, out);
        Wire.writeInts(signal.queryTerms, out);
        Wire.writeString(signal.requestId, out);
        Wire.writeLongs(signal.candidates, out);
        Wire.writeCount(signal.count, out);
        out.writeBoolean(signal.explain);
    }

    @Override
    public UserSignal deserialize(UserSignal reuse, DataInputView in) throws IOException {
        reuse.kind = KINDS[in.readByte()];
        reuse.userId = Wire.readRequiredString(in);
        reuse.id = Wire.readRequiredString(in);
        reuse.timeMillis = in.readLong();
        reuse.recordMillis = in.readLong();
        reuse.replyPartition = in.readInt();
        reuse.type = in.readByte();
        reuse.itemKey = in.readLong();
        reuse.campaignKey = in.readLong();
        reuse.costMinor = in.readLong();
        reuse.query = Wire.readString(in);
        reuse.queryTerms = Wire.readInts(in);
        reuse.requestId = Wire.readString(in);
        reuse.candidates = Wire.readLongs(in);
        reuse.count = Wire.readCount(in);
        reuse.explain = in.readBoolean();
        return reuse;
    }
}
