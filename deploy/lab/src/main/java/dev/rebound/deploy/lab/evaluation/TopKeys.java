package dev.rebound.deploy.lab.evaluation;

import it.unimi.dsi.fastutil.longs.Long2DoubleMap;
import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;

/** Finds the keys of the greatest values, by insertion into a short sorted list. */
final class TopKeys {
    private double[] values = new double[64];

    /**
     * Puts the keys of the greatest values into a list, the greatest first.
     *
     * @return how many, at most {@code out.length}
     */
    int of(Long2DoubleOpenHashMap map, long[] out) {
        if (values.length < out.length) {
            values = new double[out.length];
        }
        int size = 0;
        var entries = map.long2DoubleEntrySet().fastIterator();
        while (entries.hasNext()) {
            Long2DoubleMap.Entry entry = entries.next();
            double value = entry.getDoubleValue();
            long key = entry.getLongKey();
            if (size == out.length && !comesBefore(value, key, values[size - 1], out[size - 1])) {
                continue;
            }
            int at = size < out.length ? size++ : size - 1;
            while (at > 0 && comesBefore(value, key, values[at - 1], out[at - 1])) {
                values[at] = values[at - 1];
                out[at] = out[at - 1];
                at--;
            }
            values[at] = value;
            out[at] = key;
        }
        return size;
    }

    /** Of equal values the lesser key comes first, so that results repeat. */
    private static boolean comesBefore(double value, long key, double otherValue, long otherKey) {
        return value > otherValue || (value == otherValue && key < otherKey);
    }
}
