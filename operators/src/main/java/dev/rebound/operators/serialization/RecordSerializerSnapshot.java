package dev.rebound.operators.serialization;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint remembers of a {@link RecordSerializer}: its name and the format version that it wrote. Savepoints name
 * this class itself, which therefore stays where it is.
 */
public final class RecordSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {
    /** Named the serializer's class, which could then not be moved. */
    private static final int FORMAT_OF_CLASSES = 1;

    private static final int FORMAT = 2;

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
        return FORMAT;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(serializer().name());
        out.writeInt(writtenVersion);
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader) throws IOException {
        String written = in.readUTF();
        writtenVersion = in.readInt();
        String name = readVersion == FORMAT_OF_CLASSES ? KeptSerializers.nameOfClass(written) : written;
        @SuppressWarnings("unchecked") // the name was written from a RecordSerializer<T>
        RecordSerializer<T> restored = (RecordSerializer<T>) KeptSerializers.named(name, classLoader);
        serializer = restored;
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
