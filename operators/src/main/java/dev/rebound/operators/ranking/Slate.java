package dev.rebound.operators.ranking;

import java.util.Arrays;

/** What is shown to one user: candidates, the best first, and how likely each was. Mutable, used again for the next. */
public final class Slate {
    private int[] candidates = new int[RankingPolicy.PAGE];
    private float[] propensities = new float[RankingPolicy.PAGE];
    private int size;

    /** Makes this empty, with room for so many. */
    void clear(int room) {
        size = 0;
        if (candidates.length < room) {
            candidates = Arrays.copyOf(candidates, room);
            propensities = Arrays.copyOf(propensities, room);
        }
    }

    void add(int candidate, float propensity) {
        candidates[size] = candidate;
        propensities[size++] = propensity;
    }

    void replaceLast(int candidate) {
        candidates[size - 1] = candidate;
    }

    public int size() {
        return size;
    }

    /** Index of the n-th item among the candidates. */
    public int candidate(int n) {
        return candidates[n];
    }

    /** Indexes of all items among the candidates, a copy. */
    public int[] candidates() {
        return Arrays.copyOf(candidates, size);
    }

    /** The probability with which the policy gives the n-th place to its item, given the places before it; in (0, 1]. */
    public float propensity(int n) {
        return propensities[n];
    }
}
