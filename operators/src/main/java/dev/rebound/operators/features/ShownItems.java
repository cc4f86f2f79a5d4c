package dev.rebound.operators.features;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A user's latest impressions of items that were not taken since, in the order of event time. At most {@link #CAPACITY},
 * the oldest going first: 12 bytes each, none for a shop that reports no impressions.
 */
public final class ShownItems {
    /** Most impressions kept: ten pages of ten. */
    public static final int CAPACITY = 100;

    /** Seconds are counted from 2000-01-01, so that an int reaches to 2068. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private long[] itemKeys = {};
    private int[] seconds = {};
    private int size;

    public int size() {
        return size;
    }

    /** Item of the n-th impression, the oldest first. */
    public long itemKey(int n) {
        return itemKeys[n];
    }

    /** Event time of the n-th impression to the second, milliseconds. */
    public long timeMillis(int n) {
        return (seconds[n] + EPOCH_SECONDS) * 1000;
    }

    /** Adds an impression where its time belongs. */
    public void add(long itemKey, long timeMillis) {
        int second = second(timeMillis);
        int at = size;
        while (at > 0 && seconds[at - 1] > second) {
            at--;
        }
        if (size == CAPACITY) {
            if (at == 0) {
                return;
            }
            at--;
            move(1, 0, at);
        } else {
            makeRoom(size + 1);
            move(at, at + 1, size - at);
            size++;
        }
        itemKeys[at] = itemKey;
        seconds[at] = second;
    }

    /** Forgets the impressions of an item that was taken, those after the taking excepted. */
    public void taken(long itemKey, long timeMillis) {
        int second = second(timeMillis);
        int kept = 0;
        for (int n = 0; n < size; n++) {
            if (itemKeys[n] != itemKey || seconds[n] > second) {
                itemKeys[kept] = itemKeys[n];
                seconds[kept++] = seconds[n];
            }
        }
        size = kept;
    }

    /** Forgets all impressions after a time. */
    public void forgetAfter(long timeMillis) {
        int second = second(timeMillis);
        while (size > 0 && seconds[size - 1] > second) {
            size--;
        }
    }

    private static int second(long timeMillis) {
        return (int) (timeMillis / 1000 - EPOCH_SECONDS);
    }

    private void makeRoom(int wanted) {
        if (itemKeys.length < wanted) {
            int length = Math.min(CAPACITY, Math.max(8, wanted * 2));
            itemKeys = Arrays.copyOf(itemKeys, length);
            seconds = Arrays.copyOf(seconds, length);
        }
    }

    private void move(int source, int target, int length) {
        System.arraycopy(itemKeys, source, itemKeys, target, length);
        System.arraycopy(seconds, source, seconds, target, length);
    }

    /** Makes this equal to another. */
    public void copyFrom(ShownItems other) {
        size = other.size;
        makeRoom(size);
        System.arraycopy(other.itemKeys, 0, itemKeys, 0, size);
        System.arraycopy(other.seconds, 0, seconds, 0, size);
    }

    /** Makes this empty. */
    public void clear() {
        size = 0;
    }

    public void write(DataOutputView out) throws IOException {
        Wire.writeCount(size, out);
        for (int n = 0; n < size; n++) {
            out.writeLong(itemKeys[n]);
            out.writeInt(seconds[n]);
        }
    }

    public void read(DataInputView in) throws IOException {
        size = Wire.readCount(in);
        makeRoom(size);
        for (int n = 0; n < size; n++) {
            itemKeys[n] = in.readLong();
            seconds[n] = in.readInt();
        }
    }
}
