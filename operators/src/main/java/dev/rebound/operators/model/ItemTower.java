package dev.rebound.operators.model;

import java.util.Arrays;

/**
 * Makes an item's vector from what a {@link SequenceEncoder} has learned: a sum of rows, so that it is made once an item
 * and model version and not in each forward pass. An item that the model does not know has what its content says. What
 * cannot be reckoned with says nothing: it would take with it whatever it is multiplied with, which is all of a batch.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ItemTower(int size, float[] items, float[] content, float[] projection) {
    /** Half precision, which a GPU looks for neighbours in, reaches to 65,504. */
    private static final float LARGEST = 1e4f;

    /**
     * Writes a vector.
     *
     * @param own the item's row in the vocabulary; 0 for none
     * @param rows of {@link ItemContent}
     * @param count how many of them
     * @param embedding the shop's content embedding; one of another length than the model has learned from says nothing
     * @param out receives {@link #size} floats from {@code at} on
     */
    void write(int own, int[] rows, int count, float[] embedding, float[] out, int at) {
        known(own, rows, count, out, at);
        if (embedding.length * size == projection.length) {
            for (int n = 0; n < embedding.length; n++) {
                add(projection, n, embedding[n], out, at);
            }
            if (!isNumbers(out, at)) {
                known(own, rows, count, out, at);
            }
        }
        if (!isNumbers(out, at)) {
            Arrays.fill(out, at, at + size, 0);
        }
    }

    private boolean isNumbers(float[] out, int at) {
        boolean all = true;
        for (int i = 0; i < size; i++) {
            all &= Math.abs(out[at + i]) <= LARGEST;
        }
        return all;
    }

    /** What the model has learned of the item itself and of its content. */
    private void known(int own, int[] rows, int count, float[] out, int at) {
        for (int i = 0; i < size; i++) {
            out[at + i] = own == 0 ? 0 : items[own * size + i];
        }
        float scale = (float) (1 / Math.sqrt(Math.max(1, count)));
        for (int n = 0; n < count; n++) {
            add(content, rows[n], scale, out, at);
        }
    }

    private void add(float[] table, int row, float weight, float[] out, int at) {
        for (int i = 0; i < size; i++) {
            out[at + i] += weight * table[row * size + i];
        }
    }
}
