package dev.rebound.operators.serialization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Primitive encodings that the record serializers share. */
public final class Wire {
    private static final String[] NO_STRINGS = {};
    private static final int[] NO_INTS = {};
    private static final float[] NO_FLOATS = {};

    private Wire() {}

    /** A non-negative int in 1 to 5 bytes, seven bits each, low bits first. */
    public static void writeCount(int value, DataOutputView out) throws IOException {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    public static int readCount(DataInputView in) throws IOException {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.readByte();
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** A string as its UTF-8 length + 1 and bytes; null as 0. */
    public static void writeString(@Nullable String text, DataOutputView out) throws IOException {
        if (text == null) {
            writeCount(0, out);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeCount(bytes.length + 1, out);
        out.write(bytes);
    }

    public static @Nullable String readString(DataInputView in) throws IOException {
        int length = readCount(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A string that is never null. */
    public static String readRequiredString(DataInputView in) throws IOException {
        String text = readString(in);
        if (text == null) {
            throw new IOException("A required string is absent: the bytes are of another format version");
        }
        return text;
    }

    public static void writeBytes(byte @Nullable [] bytes, DataOutputView out) throws IOException {
        if (bytes == null) {
            writeCount(0, out);
            return;
        }
        writeCount(bytes.length + 1, out);
        out.write(bytes);
    }

    public static byte @Nullable [] readBytes(DataInputView in) throws IOException {
        int length = readCount(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    public static void writeLongs(long @Nullable [] values, DataOutputView out) throws IOException {
        if (values == null) {
            writeCount(0, out);
            return;
        }
        writeCount(values.length + 1, out);
        for (long value : values) {
            out.writeLong(value);
        }
    }

    public static long @Nullable [] readLongs(DataInputView in) throws IOException {
        int length = readCount(in) - 1;
        if (length < 0) {
            return null;
        }
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    public static void writeInts(int[] values, DataOutputView out) throws IOException {
        writeCount(values.length, out);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    public static int[] readInts(DataInputView in) throws IOException {
        int length = readCount(in);
        if (length == 0) {
            return NO_INTS;
        }
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    public static void writeFloats(float[] values, DataOutputView out) throws IOException {
        writeCount(values.length, out);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    public static float[] readFloats(DataInputView in) throws IOException {
        int length = readCount(in);
        if (length == 0) {
            return NO_FLOATS;
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    public static void writeStrings(String[] values, DataOutputView out) throws IOException {
        writeCount(values.length, out);
        for (String value : values) {
            writeString(value, out);
        }
    }

    public static String[] readStrings(DataInputView in) throws IOException {
        int length = readCount(in);
        if (length == 0) {
            return NO_STRINGS;
        }
        String[] values = new String[length];
        for (int i = 0; i < length; i++) {
            values[i] = readRequiredString(in);
        }
        return values;
    }

    /** An array of non-negative longs whose length the reader knows, each in 1 to 9 bytes, seven bits each, low bits first. */
    public static void writeCounts(long[] counts, DataOutputView out) throws IOException {
        for (long count : counts) {
            writeLongCount(count, out);
        }
    }

    /** Overwrites all of an array. */
    public static void readCounts(long[] counts, DataInputView in) throws IOException {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = readLongCount(in);
        }
    }

    /** A non-negative long in 1 to 9 bytes, seven bits each, low bits first. */
    public static void writeLongCount(long value, DataOutputView out) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long readLongCount(DataInputView in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.readByte();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
