package dev.rebound.operators.item;

/**
 * Sums whose terms lose half their weight every half-life, kept as the base-2 logarithm of the sum at a fixed landmark
 * (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009). Additions commute, so a late event
 * counts as it would have in order; sums compare without knowing the time; nothing is ever rescaled.
 */
public final class DecayedSum {
    /** The sum of nothing. */
    public static final double EMPTY = Double.NEGATIVE_INFINITY;

    private static final double LOG_2 = Math.log(2);

    private DecayedSum() {}

    /** The sum with a term added: {@code weight > 0} at {@code timeMillis}. */
    public static double add(double sum, double weight, long timeMillis, long halfLifeMillis) {
        double term = Math.log(weight) / LOG_2 + (double) timeMillis / halfLifeMillis;
        double high = Math.max(sum, term);
        double low = Math.min(sum, term);
        return high + Math.log1p(Math.exp((low - high) * LOG_2)) / LOG_2;
    }

    /** What the sum is worth at a moment. */
    public static double at(double sum, long timeMillis, long halfLifeMillis) {
        return Math.exp((sum - (double) timeMillis / halfLifeMillis) * LOG_2);
    }

    /** How many times as much as another sum a sum is worth, at any moment. */
    public static double ratio(double sum, double other) {
        return Math.exp((sum - other) * LOG_2);
    }
}
