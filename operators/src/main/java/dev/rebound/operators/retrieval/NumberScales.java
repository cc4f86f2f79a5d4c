package dev.rebound.operators.retrieval;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numeric attributes of all items under dense indexes, and how far each spreads (Welford, 1962). The first {@link
 * #MOST} names that come are known. Owned by one thread.
 */
public final class NumberScales {
    /** Most attributes that are told apart. */
    public static final int MOST = 16;

    private static final float[] NONE = {};
    private static final double LEAST_DEVIATION = 1e-3;

    private final Int2IntOpenHashMap indexes = new Int2IntOpenHashMap();
    private final long[] counts = new long[MOST];
    private final double[] means = new double[MOST];
    private final double[] squares = new double[MOST];
    private final float[] scales = new float[MOST];

    NumberScales() {
        indexes.defaultReturnValue(MOST);
    }

    /**
     * Takes in an item's numbers.
     *
     * @param before what this gave for the item the last time, or null
     * @param numbers each a value's bits, with the hash of its name above them
     * @return values by index, NaN where the item has none; shared with {@code before} where nothing has changed
     */
    float[] replace(float @Nullable [] before, long[] numbers) {
        float[] now = values(numbers);
        if (before != null && Arrays.equals(before, now)) {
            return before;
        }
        for (int index = 0; index < now.length; index++) {
            if (!Float.isNaN(now[index])) {
                add(index, now[index]);
            }
        }
        return now;
    }

    private float[] values(long[] numbers) {
        float[] values = NONE;
        for (long number : numbers) {
            int index = index((int) (number >>> 32));
            if (index < MOST) {
                values = grown(values, index + 1);
                values[index] = Float.intBitsToFloat((int) number);
            }
        }
        return values;
    }

    private static float[] grown(float[] values, int length) {
        if (values.length >= length) {
            return values;
        }
        float[] grown = Arrays.copyOf(values, length);
        Arrays.fill(grown, values.length, length, Float.NaN);
        return grown;
    }

    private int index(int name) {
        int known = indexes.get(name);
        if (known == MOST && indexes.size() < MOST) {
            known = indexes.size();
            indexes.put(name, known);
        }
        return known;
    }

    private void add(int index, float value) {
        counts[index]++;
        double off = value - means[index];
        means[index] += off / counts[index];
        squares[index] += off * (value - means[index]);
        double deviation = Math.sqrt(squares[index] / counts[index]);
        scales[index] = deviation < LEAST_DEVIATION ? 0 : (float) (1 / deviation);
    }

    /** One over the standard deviation of an attribute; 0 where all items have the same. */
    public float scale(int index) {
        return scales[index];
    }
}
