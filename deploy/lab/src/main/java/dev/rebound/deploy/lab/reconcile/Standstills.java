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
        // Several starts in a row: each began with what the one before it had come to.
        for (int n = ends.size() - 1; n >= 0; n--) {
            if (ends.getLong(n) <= since && ends.getLong(n) + CatalogTimeline.TOLERANCE.toMillis() >= since) {
                since = begins.getLong(n);
            }
        }
        return since;
    }
}
