package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.VersionHealth;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What all scoring tasks saw of a version, added up. Unknown figures are NaN. About 600 bytes. */
public final class HealthSums {
    /** With fewer users, chance alone moves scores as far as a drift does. */
    static final int LEAST_USERS_OF_DRIFT = 1000;

    private final long[] latencies = new long[VersionHealth.LATENCY_BUCKETS];
    private final long[] scores = new long[VersionHealth.SCORE_BUCKETS];
    private final long[] liveScores = new long[VersionHealth.SCORE_BUCKETS];
    private long users;
    private long batches;
    private long failedBatches;
    private long comparedUsers;
    private double topTenOverlap;
    private double rankCorrelation;

    public void add(VersionHealth health) {
        add(health.latencies, latencies);
        add(health.scores, scores);
        add(health.liveScores, liveScores);
        users += health.users;
        batches += health.batches;
        failedBatches += health.failedBatches;
        comparedUsers += health.comparedUsers;
        topTenOverlap += health.topTenOverlap;
        rankCorrelation += health.rankCorrelation;
    }

    void add(HealthSums other) {
        add(other.latencies, latencies);
        add(other.scores, scores);
        add(other.liveScores, liveScores);
        users += other.users;
        batches += other.batches;
        failedBatches += other.failedBatches;
        comparedUsers += other.comparedUsers;
        topTenOverlap += other.topTenOverlap;
        rankCorrelation += other.rankCorrelation;
    }

    private static void add(long[] counts, long[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += counts[i];
        }
    }

    public long batches() {
        return batches;
    }

    public long failedBatches() {
        return failedBatches;
    }

    public double failureRate() {
        return (double) failedBatches / batches;
    }

    /** Forward passes whose time is known. */
    public long timed() {
        return Arrays.stream(latencies).sum();
    }

    /** What a part of the forward passes took at most, microseconds; linear within a power of two. */
    public double latencyMicros(double part) {
        double wanted = part * timed();
        double passed = 0;
        for (int bucket = 0; bucket < latencies.length; bucket++) {
            if (latencies[bucket] > 0 && passed + latencies[bucket] >= wanted) {
                double low = bucket == 0 ? 0 : 1L << (bucket - 1);
                double high = 1L << bucket;
                return low + (high - low) * (wanted - passed) / latencies[bucket];
            }
            passed += latencies[bucket];
        }
        return Double.NaN;
    }

    /**
     * How far the scores are from the LIVE version's, as population stability index: above 0.1 a change, above 0.25 a great
     * one (Siddiqi, "Credit Risk Scorecards", 2006). Of a SHADOW on the same users, else on what each version's users had.
     */
    public double scoreDrift(HealthSums live) {
        if (comparedUsers >= LEAST_USERS_OF_DRIFT) {
            return stabilityIndex(liveScores, scores);
        }
        return users >= LEAST_USERS_OF_DRIFT && live.users >= LEAST_USERS_OF_DRIFT
                ? stabilityIndex(live.scores, scores)
                : Double.NaN;
    }

    /** Sum over buckets of (p - q) ln(p / q), with half a count in each so that none is empty. */
    static double stabilityIndex(long[] expected, long[] actual) {
        double expectedTotal = Arrays.stream(expected).sum() + 0.5 * expected.length;
        double actualTotal = Arrays.stream(actual).sum() + 0.5 * actual.length;
        double index = 0;
        for (int i = 0; i < expected.length; i++) {
            double q = (expected[i] + 0.5) / expectedTotal;
            double p = (actual[i] + 0.5) / actualTotal;
            index += (p - q) * Math.log(p / q);
        }
        return index;
    }

    /** Mean share of the ten best candidates that LIVE has too; SHADOW only. */
    public double topTenOverlap() {
        return topTenOverlap / comparedUsers;
    }

    /** Mean rank correlation with LIVE; SHADOW only. */
    public double rankCorrelation() {
        return rankCorrelation / comparedUsers;
    }

    void clear() {
        Arrays.fill(latencies, 0);
        Arrays.fill(scores, 0);
        Arrays.fill(liveScores, 0);
        users = 0;
        batches = 0;
        failedBatches = 0;
        comparedUsers = 0;
        topTenOverlap = 0;
        rankCorrelation = 0;
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeCounts(latencies, out);
        Wire.writeCounts(scores, out);
        Wire.writeCounts(liveScores, out);
        Wire.writeLongCount(users, out);
        Wire.writeLongCount(batches, out);
        Wire.writeLongCount(failedBatches, out);
        Wire.writeLongCount(comparedUsers, out);
        out.writeDouble(topTenOverlap);
        out.writeDouble(rankCorrelation);
    }

    void read(DataInputView in) throws IOException {
        Wire.readCounts(latencies, in);
        Wire.readCounts(scores, in);
        Wire.readCounts(liveScores, in);
        users = Wire.readLongCount(in);
        batches = Wire.readLongCount(in);
        failedBatches = Wire.readLongCount(in);
        comparedUsers = Wire.readLongCount(in);
        topTenOverlap = in.readDouble();
        rankCorrelation = in.readDouble();
    }
}
