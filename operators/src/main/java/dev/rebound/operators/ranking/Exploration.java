package dev.rebound.operators.ranking;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.ScoringTask;

/**
 * Gives a share of the places to chance: what would never be shown would never be learned of. A place is explored with
 * the probability {@code share}; then each candidate may get it in proportion to its appetite: the square root of its
 * weight, which is a softmax of the log-odds at temperature 2, and three times that if it is new. The probability of
 * each outcome is known, so that other policies can be judged by inverse propensity (Swaminathan, Joachims, JMLR 2015).
 *
 * <p>Chance is a hash (SplitMix64: Steele, Lea, Flood, OOPSLA 2014) of what triggered the recommendation, as its id is:
 * a replay makes the same choices.
 */
final class Exploration {
    private static final float NEW_ITEM_FACTOR = 3;
    private static final float UNIT = 0x1p-53f;

    private final float share;
    private final float[] appetites;
    private long state;
    private float propensity;

    /** @param share of places, in [0, 1): 0 is off */
    Exploration(float share, int maxCandidates) {
        this.share = share;
        this.appetites = new float[maxCandidates];
    }

    boolean isOn() {
        return share > 0;
    }

    /** Begins the list of a task. */
    void begin(ScoringTask task) {
        state = ItemKey.hash(task.userId) * 31 + ItemKey.hash(task.triggerId) + task.kind.ordinal();
    }

    /** Notes how much a candidate weighs. */
    void weigh(int candidate, float weight, boolean isNew) {
        appetites[candidate] = (float) Math.sqrt(weight) * (isNew ? NEW_ITEM_FACTOR : 1);
    }

    /**
     * Gives a place.
     *
     * @param best who gets it unless it is explored; one of the eligible, of a weight above 0
     * @param eligible candidates, the first {@code count} of the array, at least one
     */
    int choose(int best, int[] eligible, int count) {
        float total = 0;
        for (int i = 0; i < count; i++) {
            total += appetites[eligible[i]];
        }
        int chosen = best;
        if (nextUnit() < share) {
            chosen = draw(nextUnit() * total, eligible, count);
        }
        float sampled = share * appetites[chosen] / total;
        propensity = chosen == best ? 1 - share + sampled : sampled;
        return chosen;
    }

    private int draw(float at, int[] eligible, int count) {
        float left = at;
        int last = eligible[0];
        for (int i = 0; i < count; i++) {
            if (appetites[eligible[i]] > 0) {
                last = eligible[i];
                left -= appetites[last];
                if (left < 0) {
                    return last;
                }
            }
        }
        return last;
    }

    /** The probability with which the last place was given as it was. */
    float propensity() {
        return propensity;
    }

    private float nextUnit() {
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * UNIT;
    }
}
