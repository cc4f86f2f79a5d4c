package dev.rebound.deploy.ops.bench;

/**
 * What was measured of one job.
 *
 * @param events in the full-speed phase, preloaded
 * @param outputs that were written in it
 * @param seconds from the first output of that phase to its last one, by the broker's clock
 * @param usersScoredPerSecond outputs a second; 0 for a job that scores nobody
 * @param latencyRate events a second of the latency phase, half of the full speed
 * @param latencyP50Millis from an event's record to that of its output, not yet committed
 */
record Figures(
        long events,
        long outputs,
        double seconds,
        double eventsPerSecond,
        double usersScoredPerSecond,
        double latencyRate,
        double latencyP50Millis,
        double latencyP99Millis) {}
