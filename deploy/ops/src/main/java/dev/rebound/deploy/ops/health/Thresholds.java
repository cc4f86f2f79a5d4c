package dev.rebound.deploy.ops.health;

import java.time.Duration;

/**
 * From when on a number is a symptom.
 *
 * @param checkpointAge how old the newest complete checkpoint may be
 * @param taskManagers how many there must be; 0 for as many as were seen at once
 * @param diskUsed part of a disk, and of HDFS
 * @param memoryUsed part of the memory
 * @param load processes that want a core, a core
 */
record Thresholds(Duration checkpointAge, int taskManagers, double diskUsed, double memoryUsed, double load) {

    static Thresholds of(Duration checkpointAge, int taskManagers) {
        return new Thresholds(checkpointAge, taskManagers, 0.95, 0.97, 8);
    }

    /** The same, however much is asked of the processors and the memory. */
    Thresholds onABusyMachine() {
        return new Thresholds(checkpointAge, taskManagers, diskUsed, 1, Double.POSITIVE_INFINITY);
    }
}
