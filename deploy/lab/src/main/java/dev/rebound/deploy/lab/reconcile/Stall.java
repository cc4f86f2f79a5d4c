package dev.rebound.deploy.lab.reconcile;

import java.time.Duration;

/** Notices that a number no longer changes. */
final class Stall {
    private final long patienceNanos;
    private long last = Long.MIN_VALUE;
    private long changedNanos = System.nanoTime();

    Stall(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /** Notes the number. Returns whether it has been the same for longer than the patience. */
    boolean since(long value) {
        if (value != last) {
            last = value;
            changedNanos = System.nanoTime();
        }
        return System.nanoTime() - changedNanos > patienceNanos;
    }
}
