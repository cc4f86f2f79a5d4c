package dev.rebound.operators.scoring;

import java.util.Arrays;

/**
 * How long the last requests waited for their answers: from the timestamp of the request's record to that of the answer's. Only
 * answers of the last minute count, so that what was slow once is not told for as long as few ask. Written by its task, read by
 * whoever reports metrics.
 */
final class AnswerTimes {
    static final int CAPACITY = 2_000;
    static final long KEPT_MILLIS = 60_000;

    private final long[] answeredAt = new long[CAPACITY];
    private final long[] waitedMillis = new long[CAPACITY];
    private int next;
    private int size;

    /**
     * Notes an answer.
     *
     * @param requestMillis 0 if unknown, as in what an earlier version wrote
     */
    synchronized void answered(long requestMillis, long nowMillis) {
        if (requestMillis <= 0) {
            return;
        }
        answeredAt[next] = nowMillis;
        // Whoever asked may have a clock that is ahead.
        waitedMillis[next] = Math.max(0, nowMillis - requestMillis);
        next = (next + 1) % CAPACITY;
        size = Math.min(size + 1, CAPACITY);
    }

    /** The 99th percentile, the nearest rank; 0 where nobody was answered lately. */
    synchronized long p99Millis(long nowMillis) {
        long[] lately = new long[size];
        int count = 0;
        for (int n = 0; n < size; n++) {
            if (nowMillis - answeredAt[n] <= KEPT_MILLIS) {
                lately[count++] = waitedMillis[n];
            }
        }
        if (count == 0) {
            return 0;
        }
        Arrays.sort(lately, 0, count);
        return lately[(int) Math.ceil(count * 0.99) - 1];
    }
}
