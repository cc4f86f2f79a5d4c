package dev.rebound.deploy.lab.bench;

/**
 * What was measured of one job.
 *
 * @param events that were measured at full speed, after the warm-up
 * @param outputs that were written meanwhile
 * @param seconds from the first one of these outputs to the last one, by the broker's clock
 * @param usersScoredPerSecond outputs a second; 0 for a job that scores nobody
 * @param latencyRate events a second of the latency phase, half of the full speed
 * @param latencyP50Millis from an event's record to that of its output, not yet committed
 */
public record Figures(
        long events,
        long outputs,
        double seconds,
        double eventsPerSecond,
        double usersScoredPerSecond,
        double latencyRate,
        double latencyP50Millis,
        double latencyP99Millis) {}
