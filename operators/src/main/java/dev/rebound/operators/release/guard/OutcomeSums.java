package dev.rebound.operators.release.guard;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Impressions, clicks and conversions of a version, by random groups of its users. A user is always of the same group, so
 * that the spread between the groups contains whatever correlates the impressions of a list and the lists of a user
 * (Wolter, "Introduction to Variance Estimation", 2007, chapter 2), and nothing is kept of a user. 24 KiB in memory,
 * 2 bytes and more a group and count in state.
 */
public final class OutcomeSums {
    private static final int GROUP_BITS = 10;

    /** Groups of users. */
    public static final int GROUPS = 1 << GROUP_BITS;

    private final long[] impressions = new long[GROUPS];
    private final long[] clicks = new long[GROUPS];
    private final long[] conversions = new long[GROUPS];

    /**
     * Counts a list.
     *
     * @param userHash evenly spread, and independent of the hash that splits the traffic
     */
    public void add(long userHash, int seen, int clicked, int converted) {
        int group = (int) (userHash >>> (Long.SIZE - GROUP_BITS));
        impressions[group] += seen;
        clicks[group] += clicked;
        conversions[group] += converted;
    }

    public long impressions() {
        return Arrays.stream(impressions).sum();
    }

    public long count(Outcome outcome) {
        return Arrays.stream(counts(outcome)).sum();
    }

    /** Groups that have seen anything. */
    public int groups() {
        int groups = 0;
        for (long each : impressions) {
            groups += each > 0 ? 1 : 0;
        }
        return groups;
    }

    /** Outcomes an impression; NaN without an impression. */
    public double rate(Outcome outcome) {
        return (double) count(outcome) / impressions();
    }

    /** Variance of the rate as a ratio of sums over groups (Cochran, 1977, section 6.3); NaN for fewer than two. */
    public double variance(Outcome outcome) {
        long[] counts = counts(outcome);
        double rate = rate(outcome);
        double squares = 0;
        for (int group = 0; group < GROUPS; group++) {
            double residual = counts[group] - rate * impressions[group];
            squares += residual * residual;
        }
        int groups = groups();
        double total = impressions();
        return groups < 2 ? Double.NaN : squares * groups / (groups - 1) / (total * total);
    }

    private long[] counts(Outcome outcome) {
        return outcome == Outcome.CLICK ? clicks : conversions;
    }

    void clear() {
        Arrays.fill(impressions, 0);
        Arrays.fill(clicks, 0);
        Arrays.fill(conversions, 0);
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeCounts(impressions, out);
        Wire.writeCounts(clicks, out);
        Wire.writeCounts(conversions, out);
    }

    void read(DataInputView in) throws IOException {
        Wire.readCounts(impressions, in);
        Wire.readCounts(clicks, in);
        Wire.readCounts(conversions, in);
    }
}
