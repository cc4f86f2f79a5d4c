package dev.rebound.operators.release.guard;

import java.io.Serializable;
import java.time.Duration;

/**
 * What the guard watches for.
 *
 * @param alpha probability at most that a canary as good as LIVE is ever rolled back for its clicks and conversions
 * @param minImpressions of the canary and of LIVE, before anything is said of clicks and conversions
 * @param maxFailureRate share of batches that may fail in the last minute or two
 * @param maxLatencyFactor how many times the LIVE version's p99 a canary's may be in the last minute or two
 * @param maxScoreDrift population stability index above which an alert is raised
 * @param promotes whether a better canary becomes LIVE by itself; else that is offered
 * @param reportInterval how often reports are published and decisions on clicks are made
 */
public record GuardSettings(
        double alpha,
        long minImpressions,
        double maxFailureRate,
        double maxLatencyFactor,
        double maxScoreDrift,
        boolean promotes,
        Duration reportInterval)
        implements Serializable {}
