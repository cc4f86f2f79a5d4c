package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * From when on a number is a symptom.
 *
 * @param checkpointAge how old the newest complete checkpoint may be
 * @param taskManagers how many there must be; 0 for as many as were seen at once
 * @param diskUsed part of a disk, and of HDFS
 * @param memoryUsed part of the memory
 * @param load processes that want a core, a core
 * @param answerTime from a request to its answer, at the 99th percentile
 */
record Thresholds(
        Duration checkpointAge,
        int taskManagers,
        double diskUsed,
        double memoryUsed,
        double load,
        Duration answerTime,
        HealthLimits limits) {

    static Thresholds of(Duration checkpointAge, int taskManagers) {
        return of(checkpointAge, taskManagers, HealthLimits.DEFAULT);
    }

    static Thresholds of(Duration checkpointAge, int taskManagers, HealthLimits limits) {
        return new Thresholds(checkpointAge, taskManagers, 0.95, 0.97, 8, limits.answerTime(), limits);
    }

    /** The same, however much is asked of the processors and the memory, and however long answers take by that. */
    Thresholds onABusyMachine() {
        return new Thresholds(
                checkpointAge,
                taskManagers,
                diskUsed,
                1,
                Double.POSITIVE_INFINITY,
                ChronoUnit.FOREVER.getDuration(),
                limits);
    }

    Duration readersHeld() {
        Duration limit = limits.readersHeld();
        return limit == null ? checkpointAge : limit;
    }
}
