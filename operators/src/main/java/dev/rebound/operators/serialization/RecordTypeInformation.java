package dev.rebound.operators.serialization;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Tells Flink to move a record class with our own serializer. */
public final class RecordTypeInformation<T> extends TypeInformation<T> {
    private static final long serialVersionUID = 1L;

    // Not sent along: Java initialises a class that it reads, and Avro's, once initialised in the JobManager, hold on
    // to the
    // job's class loader.
    private final transient @Nullable Class<T> type;
    private final RecordSerializer<T> serializer;

    public RecordTypeInformation(Class<T> type, RecordSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    @Override
    public Class<T> getTypeClass() {
        return type != null ? type : typeOf(serializer.createInstance());
    }

    @SuppressWarnings("unchecked") // an object of the type
    private static <T> Class<T> typeOf(T instance) {
        return (Class<T>) instance.getClass();
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public String toString() {
        return serializer.getClass().getSimpleName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordTypeInformation<?> that && serializer.equals(that.serializer);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof RecordTypeInformation;
    }

    @Override
    public int hashCode() {
        return serializer.hashCode();
    }
}
