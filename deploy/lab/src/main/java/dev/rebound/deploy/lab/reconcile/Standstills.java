package dev.rebound.deploy.lab.reconcile;

import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongSet;
import java.util.Arrays;

/**
 * When the job wrote nothing though it was asked. One that begins again does so with the catalog of before, and while it catches
 * up it may read requests sooner than what became of the items meanwhile.
 */
final class Standstills {
    private static final long MILLIS = 1000;
    private static final long LEAST_SECONDS = 5;

    /** In a row; of a job that is started again and again all the time little could be said else. */
    private static final int MOST_STARTS = 3;

    private final LongArrayList begins = new LongArrayList();
    private final LongArrayList ends = new LongArrayList();

    /**
     * @param produced seconds in which lists were made
     * @param asked seconds in which requests came
     */
    Standstills(LongSet produced, LongSet asked) {
        long[] outputs = sorted(produced);
        long[] requests = sorted(asked);
        for (int n = 1; n < outputs.length; n++) {
            if (hasBetween(requests, outputs[n - 1] + 1, outputs[n] - LEAST_SECONDS)) {
                begins.add(outputs[n - 1] * MILLIS);
                ends.add(outputs[n] * MILLIS);
            }
        }
    }

    static long second(long millis) {
        return Math.floorDiv(millis, MILLIS);
    }

    private static long[] sorted(LongSet seconds) {
        long[] sorted = seconds.toLongArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static boolean hasBetween(long[] sorted, long first, long last) {
        int at = Arrays.binarySearch(sorted, first);
        int next = at >= 0 ? at : -at - 1;
        return next < sorted.length && sorted[next] <= last;
    }

    /** The moment of which the job surely knew the catalog when it made something, less what is tolerated of any job. */
    long knownSince(long producedMillis) {
        long since = producedMillis;
        int starts = 0;
        // Several starts in a row: each began with what the one before it had come to. Also what was made amid a
        // standstill
        // counts, by a start that came to nothing.
        for (int n = ends.size() - 1; n >= 0 && starts < MOST_STARTS; n--) {
            if (begins.getLong(n) + MILLIS <= since
                    && ends.getLong(n) + CatalogTimeline.TOLERANCE.toMillis() >= since) {
                since = begins.getLong(n);
                starts++;
            }
        }
        return since;
    }
}
