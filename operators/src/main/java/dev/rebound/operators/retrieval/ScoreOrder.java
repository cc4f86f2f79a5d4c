package dev.rebound.operators.retrieval;

import java.util.Arrays;

/**
 * Puts numbers into the order of their scores, the greatest first, of equal scores the greater number first: one sort of
 * longs, the score's bits above the number. Allocates nothing but to grow; owned by one thread.
 */
public final class ScoreOrder {
    private long[] scored;
    private int size;

    /** @param capacity that it begins with */
    public ScoreOrder(int capacity) {
        scored = new long[capacity];
    }

    /** Leaves none. */
    public void clear() {
        size = 0;
    }

    /**
     * Adds a number, whose place is known after {@link #sort}.
     *
     * @param number not negative
     * @param score no NaN
     */
    public void add(int number, float score) {
        if (size == scored.length) {
            scored = Arrays.copyOf(scored, Math.max(16, size * 2));
        }
        scored[size++] = ((long) sortable(Float.floatToRawIntBits(score)) << Integer.SIZE) | number;
    }

    /** Positive floats order as their bits do, negative ones the other way round. Undoes itself. */
    private static int sortable(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Orders what was added since {@link #clear}. */
    public void sort() {
        Arrays.sort(scored, 0, size);
    }

    public int size() {
        return size;
    }

    /** The number with the n-th greatest score, from 0 on. */
    public int number(int n) {
        return (int) scored[size - 1 - n];
    }

    /** The n-th greatest score. */
    public float score(int n) {
        return Float.intBitsToFloat(sortable((int) (scored[size - 1 - n] >> Integer.SIZE)));
    }
}
