package dev.rebound.operators.release.guard;

/**
 * An estimate and where the truth is: at every moment at once, with the confidence of the {@link CanaryTest}. NaN and
 * infinite limits stand for "nothing is known yet".
 */
public record Interval(double estimate, double lower, double upper) {
    /** Nothing is known. */
    public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
}
