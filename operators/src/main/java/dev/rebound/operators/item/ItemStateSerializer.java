package dev.rebound.operators.item;

import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link ItemState}, version 3: 1 had no terms, 2 no embedding. */
public final class ItemStateSerializer extends RecordSerializer<ItemState> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 3;

    public ItemStateSerializer() {
        super("item", VERSION);
    }

    @Override
    public ItemState createInstance() {
        return new ItemState();
    }

    @Override
    public void serialize(ItemState state, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        out.writeBoolean(state.entry != null);
        if (state.entry != null) {
            state.entry.write(out);
        }
        out.writeLong(state.firstSeenMillis);
        out.writeLong(state.newestMillis);
        out.writeDouble(state.popularity);
        out.writeDouble(state.exposures);
        out.writeDouble(state.actions);
        out.writeDouble(state.conversions);
        state.neighbours.write(out);
    }

    @Override
    public ItemState deserialize(ItemState reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException("Item state of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.entry = in.readBoolean() ? entry(version, in) : null;
        reuse.firstSeenMillis = in.readLong();
        reuse.newestMillis = in.readLong();
        reuse.popularity = in.readDouble();
        reuse.exposures = in.readDouble();
        reuse.actions = in.readDouble();
        reuse.conversions = in.readDouble();
        reuse.neighbours.read(in);
        return reuse;
    }

    private static CatalogEntry entry(int version, DataInputView in) throws IOException {
        return switch (version) {
            case 1 -> CatalogEntry.readWithoutTerms(in);
            case 2 -> CatalogEntry.readWithoutEmbedding(in);
            default -> CatalogEntry.read(in);
        };
    }
}
