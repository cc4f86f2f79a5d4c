package dev.rebound.operators.item;

import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of the items that users take after a query, version 1. */
public final class NeighboursSerializer extends RecordSerializer<Neighbours> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public NeighboursSerializer() {
        super("neighbours", VERSION);
    }

    @Override
    public Neighbours createInstance() {
        return new Neighbours();
    }

    @Override
    public void serialize(Neighbours items, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        items.write(out);
    }

    @Override
    public Neighbours deserialize(Neighbours reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Items of a query in format " + version + ", this job reads " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.read(in);
        return reuse;
    }
}
