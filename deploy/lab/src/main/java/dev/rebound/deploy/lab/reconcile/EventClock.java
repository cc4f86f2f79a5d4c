package dev.rebound.deploy.lab.reconcile;

import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.util.Arrays;

/** How far event time had come by which time of the broker: no watermark is ahead of it. 16 bytes a second with records. */
final class EventClock {
    private static final long MILLIS = 1000;

    private final Long2LongOpenHashMap latestOfSecond = new Long2LongOpenHashMap();
    private long[] seconds = {};
    private long[] latest = {};
    private boolean stale;

    EventClock() {
        latestOfSecond.defaultReturnValue(Long.MIN_VALUE);
    }

    void see(long brokerMillis, long eventMillis) {
        long second = Math.floorDiv(brokerMillis, MILLIS);
        if (eventMillis > latestOfSecond.get(second)) {
            latestOfSecond.put(second, eventMillis);
            stale = true;
        }
    }

    /** The greatest event time of what the broker had got until the end of that second. */
    long latestBy(long brokerMillis) {
        if (stale) {
            sum();
        }
        int at = Arrays.binarySearch(seconds, Math.floorDiv(brokerMillis, MILLIS));
        int last = at >= 0 ? at : -at - 2;
        return last < 0 ? Long.MIN_VALUE : latest[last];
    }

    private void sum() {
        seconds = latestOfSecond.keySet().toLongArray();
        Arrays.sort(seconds);
        latest = new long[seconds.length];
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < seconds.length; i++) {
            greatest = Math.max(greatest, latestOfSecond.get(seconds[i]));
            latest[i] = greatest;
        }
        stale = false;
    }
}
