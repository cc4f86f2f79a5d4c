package dev.rebound.operators.evaluation;

/** A mean with its confidence, in one pass (Welford, 1962). */
final class Mean {
    private static final double NORMAL_95 = 1.959964;

    private long count;
    private double value;
    private double squares;

    void add(double sample) {
        count++;
        double difference = sample - value;
        value += difference / count;
        squares += difference * (sample - value);
    }

    long count() {
        return count;
    }

    /** NaN where there is no sample. */
    double value() {
        return count == 0 ? Double.NaN : value;
    }

    /** Half the width of the 95 % confidence interval by the normal approximation; NaN for fewer than two samples. */
    double halfWidth95() {
        return count < 2 ? Double.NaN : NORMAL_95 * Math.sqrt(squares / (count - 1) / count);
    }
}
