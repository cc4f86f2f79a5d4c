package dev.rebound.operators.item;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.Preconditions;

/** Moves {@link ItemUpdate}s between tasks. */
public final class ItemUpdateSerializer extends RecordSerializer<ItemUpdate> {
    private static final long serialVersionUID = 1L;
    private static final ItemUpdate.Kind[] KINDS = ItemUpdate.Kind.values();
    private static final ItemStateSerializer ITEM = new ItemStateSerializer();
    private static final NeighboursSerializer QUERY = new NeighboursSerializer();

    @Override
    public ItemUpdate createInstance() {
        return new ItemUpdate();
    }

    @Override
    public void serialize(ItemUpdate update, DataOutputView out) throws IOException {
        out.writeByte(update.kind.ordinal());
        switch (update.kind) {
            case ITEM -> {
                out.writeLong(update.itemKey);
                ITEM.serialize(Preconditions.checkNotNull(update.item), out);
            }
            case SESSION -> {
                out.writeLong(update.sessionKey);
                Wire.writeLongs(update.sessionItems, out);
            }
            case QUERY -> {
                out.writeLong(update.queryKey);
                QUERY.serialize(Preconditions.checkNotNull(update.queryItems), out);
            }
            case COMPLETE -> {
                Wire.writeCount(update.subtask, out);
                Wire.writeCount(update.subtasks, out);
            }
        }
    }

    @Override
    public ItemUpdate deserialize(ItemUpdate reuse, DataInputView in) throws IOException {
        reuse.kind = KINDS[in.readByte()];
        switch (reuse.kind) {
            case ITEM -> {
                reuse.itemKey = in.readLong();
                reuse.item = ITEM.deserialize(in);
            }
            case SESSION -> {
                reuse.sessionKey = in.readLong();
                reuse.sessionItems = Wire.readLongs(in);
            }
            case QUERY -> {
                reuse.queryKey = in.readLong();
                reuse.queryItems = QUERY.deserialize(in);
            }
            case COMPLETE -> {
                reuse.subtask = Wire.readCount(in);
                reuse.subtasks = Wire.readCount(in);
            }
        }
        return reuse;
    }
}
