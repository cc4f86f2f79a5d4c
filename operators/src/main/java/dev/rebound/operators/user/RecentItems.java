package dev.rebound.operators.user;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A user's latest interactions with items in the order of event time, newest first when read by index. Consecutive
 * interactions with one item are one entry of the strongest type. At most {@link #CAPACITY}: 17 bytes each.
 */
public final class RecentItems {
    /** Most interactions kept. */
    public static final int CAPACITY = 50;

    private final long[] itemKeys = new long[CAPACITY];
    private final long[] timesMillis = new long[CAPACITY];
    private final byte[] types = new byte[CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    /** Item of the n-th newest interaction. */
    public long itemKey(int n) {
        return itemKeys[size - 1 - n];
    }

    /** Event time of the n-th newest interaction, milliseconds. */
    public long timeMillis(int n) {
        return timesMillis[size - 1 - n];
    }

    /** EventType ordinal of the n-th newest interaction. */
    public int type(int n) {
        return types[size - 1 - n];
    }

    /** Event time of the newest interaction with an item; {@link Long#MIN_VALUE} where there is none. */
    public long lastMillis(long itemKey) {
        for (int i = size - 1; i >= 0; i--) {
            if (itemKeys[i] == itemKey) {
                return timesMillis[i];
            }
        }
        return Long.MIN_VALUE;
    }

    /** Adds an interaction where its time belongs. */
    public void add(long itemKey, int type, long timeMillis) {
        int at = size;
        while (at > 0 && timesMillis[at - 1] > timeMillis) {
            at--;
        }
        if (at > 0 && itemKeys[at - 1] == itemKey) {
            timesMillis[at - 1] = timeMillis;
            strengthen(at - 1, type);
            return;
        }
        if (at < size && itemKeys[at] == itemKey) {
            strengthen(at, type);
            return;
        }
        if (size == CAPACITY) {
            if (at == 0) {
                return;
            }
            at--;
            move(1, 0, at);
        } else {
            move(at, at + 1, size - at);
            size++;
        }
        itemKeys[at] = itemKey;
        timesMillis[at] = timeMillis;
        types[at] = (byte) type;
    }

    private void strengthen(int at, int type) {
        if (Interaction.weight(type) > Interaction.weight(types[at])) {
            types[at] = (byte) type;
        }
    }

    private void move(int source, int target, int length) {
        System.arraycopy(itemKeys, source, itemKeys, target, length);
        System.arraycopy(timesMillis, source, timesMillis, target, length);
        System.arraycopy(types, source, types, target, length);
    }

    /** Makes this equal to another. */
    public void copyFrom(RecentItems other) {
        size = other.size;
        System.arraycopy(other.itemKeys, 0, itemKeys, 0, size);
        System.arraycopy(other.timesMillis, 0, timesMillis, 0, size);
        System.arraycopy(other.types, 0, types, 0, size);
    }

    public void write(DataOutputView out) throws IOException {
        Wire.writeCount(size, out);
        for (int i = 0; i < size; i++) {
            out.writeLong(itemKeys[i]);
            out.writeLong(timesMillis[i]);
            out.writeByte(types[i]);
        }
    }

    public void read(DataInputView in) throws IOException {
        size = Wire.readCount(in);
        for (int i = 0; i < size; i++) {
            itemKeys[i] = in.readLong();
            timesMillis[i] = in.readLong();
            types[i] = in.readByte();
        }
    }
}
