package dev.rebound.operators.scoring;

import dev.rebound.operators.release.VersionHealth;
import java.util.Arrays;
import java.util.Optional;

/** Sums up what one task sees of one version until it is told. Allocates nothing a user; owned by one thread. */
final class VersionMeter {
    /** Of each user's candidates, so many of the best count as those that are shown. */
    static final int BEST = 10;

    private final String model;
    private final String version;
    private final float[] best = new float[BEST];
    private VersionHealth sums;

    VersionMeter(String model, String version) {
        this.model = model;
        this.version = version;
        this.sums = empty();
    }

    private VersionHealth empty() {
        VersionHealth health = new VersionHealth();
        health.model = model;
        health.version = version;
        return health;
    }

    /**
     * A forward pass came through.
     *
     * @param failed how many of the users it made no scores of; they count as one more batch, which failed
     */
    void passed(int users, int failed, long nanos) {
        sums.users += users;
        sums.batches += failed > 0 ? 2 : 1;
        sums.failedBatches += failed > 0 ? 1 : 0;
        sums.latencies[latencyBucket(nanos)]++;
    }

    /** A forward pass did not. */
    void failed(int users) {
        sums.users += users;
        sums.batches++;
        sums.failedBatches++;
    }

    private static int latencyBucket(long nanos) {
        long micros = Math.max(0, nanos / 1000);
        return Math.min(Long.SIZE - Long.numberOfLeadingZeros(micros), VersionHealth.LATENCY_BUCKETS - 1);
    }

    /** The scores of a user's candidates, {@code count} from {@code offset} on. */
    void scored(float[] scores, int offset, int count) {
        addBest(scores, offset, count, sums.scores);
    }

    /**
     * How a user's candidates are scored by this version and by the live one.
     *
     * @param comparison of the two
     */
    void compared(RankComparison comparison, float[] own, float[] live, int offset, int count) {
        comparison.compare(own, live, offset, count);
        sums.comparedUsers++;
        sums.topTenOverlap += comparison.overlap();
        sums.rankCorrelation += comparison.correlation();
        addBest(own, offset, count, sums.scores);
        addBest(live, offset, count, sums.liveScores);
    }

    private void addBest(float[] scores, int offset, int count, long[] histogram) {
        int kept = 0;
        for (int c = offset; c < offset + count; c++) {
            if (kept < BEST || scores[c] > best[0]) {
                kept = insert(scores[c], kept);
            }
        }
        for (int i = 0; i < kept; i++) {
            int bucket = (int) (best[i] * VersionHealth.SCORE_BUCKETS);
            histogram[Math.max(0, Math.min(bucket, VersionHealth.SCORE_BUCKETS - 1))]++;
        }
    }

    /** Keeps the best in ascending order; the least gives way where there is no room. */
    private int insert(float score, int kept) {
        int at = Arrays.binarySearch(best, 0, kept, score);
        at = at < 0 ? -at - 1 : at;
        if (kept < BEST) {
            System.arraycopy(best, at, best, at + 1, kept - at);
            best[at] = score;
            return kept + 1;
        }
        System.arraycopy(best, 1, best, 0, at - 1);
        best[at - 1] = score;
        return kept;
    }

    /**
     * What was seen since the last time, if anything.
     *
     * @param stage ordinal of the ReleaseStage in which it was
     */
    Optional<VersionHealth> take(int stage, long nowMillis) {
        if (sums.batches == 0 && sums.comparedUsers == 0) {
            return Optional.empty();
        }
        VersionHealth taken = sums;
        taken.stage = stage;
        taken.timeMillis = nowMillis;
        sums = empty();
        return Optional.of(taken);
    }
}
