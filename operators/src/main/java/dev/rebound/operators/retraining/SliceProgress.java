package dev.rebound.operators.retraining;

import java.util.ArrayList;
import java.util.List;

/** Which slice is being gathered, and which are closed and wait for their training. State: at most 50 bytes. */
final class SliceProgress {
    /** Number of the slice that is being gathered. */
    long current;

    /** Examples in it. */
    int collected;

    /** Processing time of its first example, milliseconds. */
    long openedMillis;

    /** The slice in training, if any, and then the newest closed one: at most two. */
    final List<Closed> closed = new ArrayList<>();

    /** @param closedMillis processing time */
    record Closed(long slice, long closedMillis) {}

    /** @param firstIsInTraining else it gives way: its examples are then replayed with the newer slice */
    void close(long nowMillis, boolean firstIsInTraining) {
        while (closed.size() > (firstIsInTraining ? 1 : 0)) {
            closed.remove(closed.size() - 1);
        }
        closed.add(new Closed(current, nowMillis));
        current++;
        collected = 0;
    }
}
