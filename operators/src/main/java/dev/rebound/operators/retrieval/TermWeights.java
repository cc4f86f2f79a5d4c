package dev.rebound.operators.retrieval;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The terms of all items under dense indexes, and how much each tells: its inverse document frequency, the natural
 * logarithm of 1 + items / items with the term (Spärck Jones, 1972). Owned by one thread.
 */
public final class TermWeights {
    private static final int[] NONE = {};

    /** Weights depend on how many items there are; so much growth is let pass before all are computed again. */
    private static final double GROWTH = 1.1;

    private final Int2IntOpenHashMap indexes = new Int2IntOpenHashMap();
    private int[] hashes = new int[1024];
    private int[] frequencies = new int[1024];
    private float[] weights = new float[1024];
    private int items;
    private int itemsWeighted;

    TermWeights() {
        indexes.defaultReturnValue(-1);
    }

    /**
     * Counts an item's terms in place of those that it had.
     *
     * @param before what this gave for the item the last time, or null
     * @param hashes of the terms now, each once
     * @return indexes of the terms now, shared with {@code before} where nothing has changed
     */
    int[] replace(int @Nullable [] before, int[] hashes) {
        if (before == null) {
            items++;
        }
        int[] now = indexes(hashes);
        if (before != null && Arrays.equals(before, now)) {
            return before;
        }
        if (before != null) {
            count(before, -1);
        }
        count(now, 1);
        if (items > itemsWeighted * GROWTH) {
            itemsWeighted = items;
            for (int term = 0; term < indexes.size(); term++) {
                weigh(term);
            }
        }
        return now;
    }

    private int[] indexes(int[] hashes) {
        if (hashes.length == 0) {
            return NONE;
        }
        int[] found = new int[hashes.length];
        for (int i = 0; i < hashes.length; i++) {
            found[i] = index(hashes[i]);
        }
        return found;
    }

    private int index(int hash) {
        int known = indexes.get(hash);
        if (known >= 0) {
            return known;
        }
        int index = indexes.size();
        indexes.put(hash, index);
        if (index == frequencies.length) {
            frequencies = Arrays.copyOf(frequencies, index * 2);
            weights = Arrays.copyOf(weights, index * 2);
            hashes = Arrays.copyOf(hashes, index * 2);
        }
        hashes[index] = hash;
        return index;
    }

    private void count(int[] terms, int by) {
        for (int term : terms) {
            frequencies[term] += by;
            weigh(term);
        }
    }

    private void weigh(int term) {
        weights[term] = (float) Math.log(1 + (double) items / Math.max(1, frequencies[term]));
    }

    /** The index of a term; below 0 where no item has ever had it. */
    int find(int hash) {
        return indexes.get(hash);
    }

    /** How much a term tells that no item has. */
    float unknownWeight() {
        return (float) Math.log(1 + (double) items);
    }

    /** How much a term tells, above 0. */
    public float weight(int term) {
        return weights[term];
    }

    /** The hash of a term. */
    public int hash(int term) {
        return hashes[term];
    }

    /** Terms in use; indexes are below. */
    public int size() {
        return indexes.size();
    }
}
