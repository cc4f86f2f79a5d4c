package dev.rebound.operators.feedback;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.EventType;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a user did so far with the items of one answer, whether or not the answer itself is known yet. Each item and kind
 * of event is one entry, at its earliest time: 17 bytes, at most {@link #CAPACITY} of them.
 */
public final class Feedback {
    /** Most entries: a list of fifty items, each seen, clicked, put into the cart and bought. */
    public static final int CAPACITY = 200;

    /** Event time from which on it is forgotten if no list came that it belongs to, milliseconds. */
    long expiresMillis;

    private long[] itemKeys = new long[8];
    private long[] timesMillis = new long[8];
    private byte[] types = new byte[8];
    private int size;

    /** Notes an event. Returns whether that changed anything: a duplicate does not, nor does one beyond the capacity. */
    public boolean add(long itemKey, int type, long timeMillis) {
        for (int i = 0; i < size; i++) {
            if (itemKeys[i] == itemKey && types[i] == type) {
                boolean earlier = timeMillis < timesMillis[i];
                timesMillis[i] = Math.min(timeMillis, timesMillis[i]);
                return earlier;
            }
        }
        if (size == CAPACITY) {
            return false;
        }
        makeRoom(size + 1);
        itemKeys[size] = itemKey;
        timesMillis[size] = timeMillis;
        types[size++] = (byte) type;
        return true;
    }

    private void makeRoom(int needed) {
        if (needed > itemKeys.length) {
            int length = Math.max(needed, itemKeys.length * 2);
            itemKeys = Arrays.copyOf(itemKeys, length);
            timesMillis = Arrays.copyOf(timesMillis, length);
            types = Arrays.copyOf(types, length);
        }
    }

    /** Entries. */
    public int size() {
        return size;
    }

    /** Entries of up to a moment. */
    public int sizeUntil(long untilMillis) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += timesMillis[i] <= untilMillis ? 1 : 0;
        }
        return count;
    }

    /**
     * The strongest thing that was done with an item up to a moment: by the weight of interest, and of equal ones the
     * later one on the way to a purchase. {@code UNKNOWN} where nothing was done.
     */
    public EventType action(long itemKey, long untilMillis) {
        int strongest = EventType.UNKNOWN.ordinal();
        for (int i = 0; i < size; i++) {
            if (itemKeys[i] == itemKey && timesMillis[i] <= untilMillis && isStronger(types[i], strongest)) {
                strongest = types[i];
            }
        }
        return Interaction.type(strongest);
    }

    private static boolean isStronger(int type, int than) {
        float difference = Interaction.weight(type) - Interaction.weight(than);
        return difference > 0 || (difference == 0 && type > than);
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(expiresMillis);
        Wire.writeCount(size, out);
        for (int i = 0; i < size; i++) {
            out.writeLong(itemKeys[i]);
            out.writeLong(timesMillis[i]);
            out.writeByte(types[i]);
        }
    }

    void read(DataInputView in) throws IOException {
        expiresMillis = in.readLong();
        size = Wire.readCount(in);
        makeRoom(size);
        for (int i = 0; i < size; i++) {
            itemKeys[i] = in.readLong();
            timesMillis[i] = in.readLong();
            types[i] = in.readByte();
        }
    }
}
