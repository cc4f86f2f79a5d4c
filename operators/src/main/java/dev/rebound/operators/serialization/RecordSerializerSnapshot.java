package dev.rebound.operators.serialization;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** What a savepoint remembers of a {@link RecordSerializer}: its class and the format version that it wrote. */
public final class RecordSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {
    private @Nullable RecordSerializer<T> serializer;
    private int writtenVersion;

    /** For Flink, which then calls {@link #readSnapshot}. */
    public RecordSerializerSnapshot() {}

    RecordSerializerSnapshot(RecordSerializer<T> serializer) {
        this.serializer = serializer;
        this.writtenVersion = serializer.version();
    }

    @Override
    public int getCurrentVersion() {
        return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(serializer().getClass().getName());
        out.writeInt(writtenVersion);
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader) throws IOException {
        String className = in.readUTF();
        writtenVersion = in.readInt();
        try {
            @SuppressWarnings("unchecked") // the class name was written from a RecordSerializer<T>
            RecordSerializer<T> restored = (RecordSerializer<T>) Class.forName(className, true, classLoader)
                    .asSubclass(RecordSerializer.class)
                    .getConstructor()
                    .newInstance();
            serializer = restored;
        } catch (ReflectiveOperationException e) {
            throw new IOException(
                    "The savepoint names the serializer " + className
                            + ", which this job jar does not have; restore it with the jar that made it",
                    e);
        }
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
        return serializer();
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> oldSnapshot) {
        if (!(oldSnapshot instanceof RecordSerializerSnapshot<T> old)
                || !old.serializer().equals(serializer())
                || old.writtenVersion > serializer().version()) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }

    private RecordSerializer<T> serializer() {
        return Objects.requireNonNull(serializer, "the snapshot was not read yet");
    }
}
