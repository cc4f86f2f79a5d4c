package dev.rebound.operators.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The features of a batch of users in one direct buffer, written once and read by the model without a copy. Four
 * sections, each row-major in native byte order, each a prefix-contiguous block so that the first {@code n} users of a
 * section are one slice:
 *
 * <ul>
 *   <li>sequence: int32 (users x {@link #SEQUENCE_LENGTH}), vocabulary rows of the recent items, newest first, 0 = none
 *   <li>types: int32 (users x {@link #SEQUENCE_LENGTH}), EventType ordinals of the same interactions, 0 = none
 *   <li>candidates: int32 (users x candidates), vocabulary rows, 0 = an item the model does not know, or padding
 *   <li>dense: float32 (users x candidates x {@link DenseFeature#WIDTH})
 * </ul>
 *
 * <p>Rows keep old values: whoever writes a user writes all of its row (see {@link #clearUser}).
 */
public final class FeatureBatch {
    /** Recent items that a model sees. */
    public static final int SEQUENCE_LENGTH = 32;

    private static final int WIDTH = DenseFeature.WIDTH;
    private static final float[] NOTHING = new float[WIDTH];

    private final int capacity;
    private final int candidates;
    private final ByteBuffer buffer;
    private final int typesOffset;
    private final int candidatesOffset;
    private final int denseOffset;
    /** The dense section. */
    private final FloatBuffer dense;

    /**
     * @param capacity most users in a batch
     * @param candidates candidates a user, fixed
     */
    public FeatureBatch(int capacity, int candidates) {
        this.capacity = capacity;
        this.candidates = candidates;
        this.typesOffset = capacity * SEQUENCE_LENGTH * Integer.BYTES;
        this.candidatesOffset = 2 * typesOffset;
        this.denseOffset = candidatesOffset + capacity * candidates * Integer.BYTES;
        int bytes = denseOffset + capacity * candidates * WIDTH * Float.BYTES;
        this.buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        this.dense = slice(denseOffset, bytes - denseOffset).asFloatBuffer();
    }

    public int capacity() {
        return capacity;
    }

    public int candidates() {
        return candidates;
    }

    /** Sets all of a user's row to zero: no sequence, padding candidates. */
    public void clearUser(int user) {
        for (int i = 0; i < SEQUENCE_LENGTH; i++) {
            setSequence(user, i, 0);
            setType(user, i, 0);
        }
        clearCandidates(user, 0);
    }

    /** Sets a user's candidates from one on to padding. */
    public void clearCandidates(int user, int from) {
        for (int c = from; c < candidates; c++) {
            setCandidate(user, c, 0);
            dense.put(denseIndex(user, c), NOTHING);
        }
    }

    public void setSequence(int user, int position, int row) {
        buffer.putInt((user * SEQUENCE_LENGTH + position) * Integer.BYTES, row);
    }

    public void setType(int user, int position, int type) {
        buffer.putInt(typesOffset + (user * SEQUENCE_LENGTH + position) * Integer.BYTES, type);
    }

    public void setCandidate(int user, int candidate, int row) {
        buffer.putInt(candidatesOffset + (user * candidates + candidate) * Integer.BYTES, row);
    }

    /** What is no number says nothing: in the model it would be all that is known of the user. */
    public void setDense(int user, int candidate, DenseFeature feature, float value) {
        dense.put(denseIndex(user, candidate) + feature.ordinal(), known(value));
    }

    /**
     * The same for all features of a candidate at once, which is much faster than to put each into a direct buffer.
     *
     * @param values by the ordinals of {@link DenseFeature}; those that are no numbers are set to 0
     */
    public void setDense(int user, int candidate, float[] values) {
        for (int f = 0; f < WIDTH; f++) {
            values[f] = known(values[f]);
        }
        dense.put(denseIndex(user, candidate), values);
    }

    private static float known(float value) {
        return Math.abs(value) <= Float.MAX_VALUE ? value : 0;
    }

    public float dense(int user, int candidate, DenseFeature feature) {
        return dense.get(denseIndex(user, candidate) + feature.ordinal());
    }

    public int sequence(int user, int position) {
        return buffer.getInt((user * SEQUENCE_LENGTH + position) * Integer.BYTES);
    }

    public int candidate(int user, int candidate) {
        return buffer.getInt(candidatesOffset + (user * candidates + candidate) * Integer.BYTES);
    }

    /** The sequence section of the first users: a direct slice, int32 (users x {@link #SEQUENCE_LENGTH}). */
    public ByteBuffer sequenceSlice(int users) {
        return slice(0, users * SEQUENCE_LENGTH * Integer.BYTES);
    }

    /** The types section of the first users: a direct slice, int32 (users x {@link #SEQUENCE_LENGTH}). */
    public ByteBuffer typesSlice(int users) {
        return slice(typesOffset, users * SEQUENCE_LENGTH * Integer.BYTES);
    }

    /** The candidates section of the first users: a direct slice, int32 (users x candidates). */
    public ByteBuffer candidatesSlice(int users) {
        return slice(candidatesOffset, users * candidates * Integer.BYTES);
    }

    /** The dense section of the first users: a direct slice, float32 (users x candidates x width). */
    public ByteBuffer denseSlice(int users) {
        return slice(denseOffset, users * candidates * WIDTH * Float.BYTES);
    }

    private ByteBuffer slice(int offset, int bytes) {
        return buffer.slice(offset, bytes).order(ByteOrder.nativeOrder());
    }

    private int denseIndex(int user, int candidate) {
        return (user * candidates + candidate) * WIDTH;
    }
}
