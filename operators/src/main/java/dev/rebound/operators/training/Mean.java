package dev.rebound.operators.training;

/**
 * A mean with a confidence that knows that a user's samples are no independent ones: the variance of a ratio of sums
 * over clusters (Cochran, "Sampling Techniques", 1977, section 6.3). The clusters are random groups of users, so that
 * the size is fixed: 16 KiB.
 */
public final class Mean {
    private static final double NORMAL_95 = 1.959964;
    private static final int GROUP_BITS = 10;
    private static final int GROUPS = 1 << GROUP_BITS;
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final double[] sums = new double[GROUPS];
    private final long[] counts = new long[GROUPS];
    private long count;
    private double sum;

    public void add(String userId, double sample) {
        int group = (userId.hashCode() * GOLDEN_RATIO) >>> (Integer.SIZE - GROUP_BITS);
        sums[group] += sample;
        counts[group]++;
        sum += sample;
        count++;
    }

    public long count() {
        return count;
    }

    /** NaN where there is no sample. */
    public double value() {
        return sum / count;
    }

    /** Half the width of the 95 % confidence interval by the normal approximation; NaN for fewer than two groups. */
    public double halfWidth95() {
        double squares = 0;
        int groups = 0;
        for (int group = 0; group < GROUPS; group++) {
            double residual = sums[group] - value() * counts[group];
            squares += residual * residual;
            groups += counts[group] > 0 ? 1 : 0;
        }
        return groups < 2 ? Double.NaN : NORMAL_95 * Math.sqrt(squares * groups / (groups - 1)) / count;
    }
}
