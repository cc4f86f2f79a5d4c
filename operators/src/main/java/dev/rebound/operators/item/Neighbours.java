package dev.rebound.operators.item;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The items that users go to from one item, with decayed weights. At most {@link #CAPACITY}; a new one takes the place
 * of the lightest. 16 bytes each.
 */
public final class Neighbours {
    /** Most neighbours of an item. */
    public static final int CAPACITY = 40;

    private final long[] itemKeys = new long[CAPACITY];
    private final double[] sums = new double[CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    public long itemKey(int n) {
        return itemKeys[n];
    }

    /** Decayed weight of the n-th neighbour, a {@link DecayedSum}. */
    public double sum(int n) {
        return sums[n];
    }

    /** Adds a transition. */
    public void add(long itemKey, float weight, long timeMillis, long halfLifeMillis) {
        int lightest = 0;
        for (int n = 0; n < size; n++) {
            if (itemKeys[n] == itemKey) {
                sums[n] = DecayedSum.add(sums[n], weight, timeMillis, halfLifeMillis);
                return;
            }
            if (sums[n] < sums[lightest]) {
                lightest = n;
            }
        }
        int at = size < CAPACITY ? size++ : lightest;
        itemKeys[at] = itemKey;
        sums[at] = DecayedSum.add(DecayedSum.EMPTY, weight, timeMillis, halfLifeMillis);
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeCount(size, out);
        for (int n = 0; n < size; n++) {
            out.writeLong(itemKeys[n]);
            out.writeDouble(sums[n]);
        }
    }

    void read(DataInputView in) throws IOException {
        size = Wire.readCount(in);
        for (int n = 0; n < size; n++) {
            itemKeys[n] = in.readLong();
            sums[n] = in.readDouble();
        }
    }
}
