package dev.rebound.operators.serialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * A serializer of one of our mutable record classes. Subclasses have a public constructor without arguments and only
 * write and read fields. One whose records are kept as state has a name, by which savepoints know it wherever its class
 * moves to, and is listed in {@code META-INF/services}. It writes its format version as the first byte of each value and
 * reads every older one, so that a restore needs no rewrite of the state.
 */
public abstract class RecordSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String name;
    private final int version;

    /** Of records that only move between operators. */
    protected RecordSerializer() {
        this.name = null;
        this.version = 1;
    }

    /**
     * Of records that are kept as state.
     *
     * @param name in savepoints, for ever
     * @param version format that is written; raise it with every change of {@link #serialize}
     */
    protected RecordSerializer(String name, int version) {
        this.name = name;
        this.version = version;
    }

    /**
     * What savepoints call it.
     *
     * @throws IllegalStateException if its records are not meant to be kept as state
     */
    public final String name() {
        if (name == null) {
            throw new IllegalStateException(getClass().getName()
                    + " has no name, so that no savepoint could find it again: give it one and list it in META-INF/services"
                    + " before its records are kept as state");
        }
        return name;
    }

    /** The format that is written; every lower one can be read. */
    public final int version() {
        return version;
    }

    /** Reads a record into {@code reuse}, overwriting all of it. */
    @Override
    public abstract T deserialize(T reuse, DataInputView source) throws IOException;

    @Override
    public final T deserialize(DataInputView source) throws IOException {
        return deserialize(createInstance(), source);
    }

    @Override
    public final boolean isImmutableType() {
        return false;
    }

    /** Serializers hold no state between calls. */
    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public final T copy(T from) {
        return copy(from, createInstance());
    }

    @Override
    public final T copy(T from, T reuse) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(256);
            serialize(from, out);
            return deserialize(reuse, new DataInputDeserializer(out.getSharedBuffer(), 0, out.length()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy a " + from.getClass().getSimpleName(), e);
        }
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new RecordSerializerSnapshot<>(this);
    }

    /** Two serializers are equal if they are of one class: the class alone decides the format. */
    @SuppressWarnings("EqualsGetClass")
    @Override
    public final boolean equals(@Nullable Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }
}
