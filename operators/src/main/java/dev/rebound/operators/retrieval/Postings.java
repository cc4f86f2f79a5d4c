package dev.rebound.operators.retrieval;

import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/** Weighted lists of indexes by key, all in two arrays: 8 bytes an entry and 4 a key. Immutable. */
final class Postings {
    private final int[] begins;
    private final int[] values;
    private final float[] weights;

    private Postings(int[] begins, int[] values, float[] weights) {
        this.begins = begins;
        this.values = values;
        this.weights = weights;
    }

    /** Where a key's entries begin; they end where those of the next one begin. */
    int begin(int key) {
        return key < begins.length ? begins[key] : values.length;
    }

    int end(int key) {
        return begin(key + 1);
    }

    int value(int at) {
        return values[at];
    }

    float weight(int at) {
        return weights[at];
    }

    /** Whether a key's entries hold a value. */
    boolean holds(int key, int value) {
        for (int at = begin(key); at < end(key); at++) {
            if (values[at] == value) {
                return true;
            }
        }
        return false;
    }

    /** Gathers entries in any order. */
    static final class Builder {
        private final IntArrayList keys = new IntArrayList();
        private final IntArrayList values = new IntArrayList();
        private final FloatArrayList weights = new FloatArrayList();

        void add(int key, int value, float weight) {
            keys.add(key);
            values.add(value);
            weights.add(weight);
        }

        /** The lists of all keys below a bound, each in the order of adding. */
        Postings build(int keyBound) {
            int[] begins = new int[keyBound + 1];
            for (int i = 0; i < keys.size(); i++) {
                begins[keys.getInt(i) + 1]++;
            }
            for (int key = 0; key < keyBound; key++) {
                begins[key + 1] += begins[key];
            }
            int[] next = begins.clone();
            int[] sorted = new int[values.size()];
            float[] sortedWeights = new float[values.size()];
            for (int i = 0; i < keys.size(); i++) {
                int at = next[keys.getInt(i)]++;
                sorted[at] = values.getInt(i);
                sortedWeights[at] = weights.getFloat(i);
            }
            return new Postings(begins, sorted, sortedWeights);
        }
    }
}
