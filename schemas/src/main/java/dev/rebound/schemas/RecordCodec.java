package dev.rebound.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one record type in Avro single-object encoding: two marker bytes, the writer schema's CRC-64-AVRO
 * fingerprint (8 bytes, little endian), the body. Reads every version in {@link SchemaHistory} and resolves it to the
 * current one.
 *
 * <p>Not thread-safe: buffers are reused between calls.
 */
public final class RecordCodec<T extends SpecificRecord> {
    /** Values longer than this are refused before decoding. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final int HEADER_BYTES = 10;
    private static final byte[] MARKER = {(byte) 0xC3, 0x01};

    static {
        // A length prefix in hostile bytes must not allocate more than the record could hold, and only our own
        // classes may be instantiated from a schema. Avro reads both from system properties.
        setIfAbsent("org.apache.avro.limits.string.maxLength", Integer.toString(MAX_BYTES));
        setIfAbsent("org.apache.avro.limits.bytes.maxLength", Integer.toString(MAX_BYTES));
        setIfAbsent("org.apache.avro.limits.collectionItems.maxLength", Integer.toString(MAX_BYTES));
        setIfAbsent("org.apache.avro.SERIALIZABLE_PACKAGES", "dev.rebound.schemas");
    }

    private final String recordName;
    private final byte[] header;
    private final SpecificDatumWriter<T> writer;
    private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private @Nullable BinaryEncoder encoder;
    private @Nullable BinaryDecoder decoder;

    private RecordCodec(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        Schema current = model.getSchema(type);
        this.recordName = current.getName();
        this.header = header(current);
        this.writer = new SpecificDatumWriter<>(current, model);
        addReader(current, current, model);
        for (Schema version : SchemaHistory.versions(recordName)) {
            addReader(version, current, model);
        }
    }

    public static <T extends SpecificRecord> RecordCodec<T> of(Class<T> type) {
        return new RecordCodec<>(type);
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static byte[] header(Schema schema) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }

    private void addReader(Schema written, Schema current, SpecificData model) {
        readers.put(
                SchemaNormalization.parsingFingerprint64(written), new SpecificDatumReader<>(written, current, model));
    }

    /** The record in single-object encoding, a fresh array. */
    public byte[] encode(T datum) {
        out.reset();
        out.writeBytes(header);
        encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
        try {
            writer.write(datum, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a " + recordName, e);
        }
        return out.toByteArray();
    }

    /**
     * @param value a whole Kafka value
     * @param reuse a record that may be overwritten and returned
     * @throws UndecodableRecordException if it is null, too long, of an unknown schema, or its body is not what its
     *     schema says
     */
    public T decode(byte @Nullable [] value, @Nullable T reuse) throws UndecodableRecordException {
        SpecificDatumReader<T> reader = readerOf(value);
        decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
        T datum;
        try {
            datum = reader.read(reuse, decoder);
            if (!decoder.isEnd()) {
                throw undecodable("bytes remain after the record", null);
            }
        } catch (ArrayIndexOutOfBoundsException | AvroRuntimeException e) {
            throw isEnum(e)
                    ? new UndecodableRecordException(
                            DeadLetterReason.UNKNOWN_ENUM,
                            recordName + ": an enum's value is none that its schema knows; upgrade the producer's "
                                    + "schema in this module before it writes new values",
                            e)
                    : undecodable(e.toString(), e);
        } catch (IOException | RuntimeException e) {
            throw undecodable(e.toString(), e);
        }
        return datum;
    }

    private SpecificDatumReader<T> readerOf(byte @Nullable [] value) throws UndecodableRecordException {
        if (value == null) {
            throw new UndecodableRecordException(
                    DeadLetterReason.NULL_VALUE, recordName + ": the value is null, but this topic has no tombstones");
        }
        if (value.length > MAX_BYTES) {
            throw new UndecodableRecordException(
                    DeadLetterReason.OVERSIZED,
                    recordName + ": " + value.length + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        if (value.length < HEADER_BYTES || value[0] != MARKER[0] || value[1] != MARKER[1]) {
            throw undecodable("it does not begin with C3 01; write Avro single-object encoding", null);
        }
        long fingerprint =
                ByteBuffer.wrap(value, 2, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        SpecificDatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw undecodable(
                    String.format(
                            "no known schema has the fingerprint %016x; add it to the schema history", fingerprint),
                    null);
        }
        return reader;
    }

    private UndecodableRecordException undecodable(String why, @Nullable Throwable cause) {
        return new UndecodableRecordException(DeadLetterReason.UNDECODABLE, recordName + ": " + why, cause);
    }

    private static boolean isEnum(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getMethodName().toLowerCase(Locale.ROOT).contains("enum")) {
                return true;
            }
        }
        return false;
    }
}
