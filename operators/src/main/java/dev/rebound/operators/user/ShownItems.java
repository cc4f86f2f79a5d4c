package dev.rebound.operators.user;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The items that a user was shown lately and has not taken, the one shown last at the end, with how often. At most
 * {@link #CAPACITY}, the one that was not shown for the longest going first: 17 bytes each. Empty where a shop sends no
 * impressions.
 */
public final class ShownItems {
    /** Most items kept; 1.1 KiB of state. */
    public static final int CAPACITY = 64;

    private static final int MOST_TIMES = Byte.MAX_VALUE;

    private final long[] itemKeys = new long[CAPACITY];
    private final long[] timesMillis = new long[CAPACITY];
    private final byte[] counts = new byte[CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    /** The item that was shown n-th last. */
    public long itemKey(int n) {
        return itemKeys[size - 1 - n];
    }

    /** When it was shown last: event time, milliseconds. */
    public long timeMillis(int n) {
        return timesMillis[size - 1 - n];
    }

    /** How often it was shown since it was last taken, at most 127. */
    public int count(int n) {
        return counts[size - 1 - n];
    }

    /** Notes an impression. */
    public void show(long itemKey, long timeMillis) {
        int at = indexOf(itemKey);
        int count = at < 0 ? 0 : counts[at];
        long newest = at < 0 ? timeMillis : Math.max(timeMillis, timesMillis[at]);
        if (at >= 0) {
            remove(at);
        } else if (size == CAPACITY) {
            remove(0);
        }
        itemKeys[size] = itemKey;
        timesMillis[size] = newest;
        counts[size++] = (byte) Math.min(MOST_TIMES, count + 1);
    }

    /** Notes that the user took an item: it is no longer one that was passed over. */
    public void take(long itemKey) {
        int at = indexOf(itemKey);
        if (at >= 0) {
            remove(at);
        }
    }

    /** Forgets the items that were shown after a time. */
    public void forgetAfter(long timeMillis) {
        for (int at = size - 1; at >= 0; at--) {
            if (timesMillis[at] > timeMillis) {
                remove(at);
            }
        }
    }

    private int indexOf(long itemKey) {
        for (int i = size - 1; i >= 0; i--) {
            if (itemKeys[i] == itemKey) {
                return i;
            }
        }
        return -1;
    }

    private void remove(int at) {
        size--;
        System.arraycopy(itemKeys, at + 1, itemKeys, at, size - at);
        System.arraycopy(timesMillis, at + 1, timesMillis, at, size - at);
        System.arraycopy(counts, at + 1, counts, at, size - at);
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
    }

    /** Makes this equal to another. */
    public void copyFrom(ShownItems other) {
        size = other.size;
        System.arraycopy(other.itemKeys, 0, itemKeys, 0, size);
        System.arraycopy(other.timesMillis, 0, timesMillis, 0, size);
        System.arraycopy(other.counts, 0, counts, 0, size);
    }

    public void write(DataOutputView out) throws IOException {
        Wire.writeCount(size, out);
        for (int i = 0; i < size; i++) {
            out.writeLong(itemKeys[i]);
            out.writeLong(timesMillis[i]);
            out.writeByte(counts[i]);
        }
    }

    public void read(DataInputView in) throws IOException {
        size = Wire.readCount(in);
        for (int i = 0; i < size; i++) {
            itemKeys[i] = in.readLong();
            timesMillis[i] = in.readLong();
            counts[i] = in.readByte();
        }
    }
}
