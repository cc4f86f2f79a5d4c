package dev.rebound.operators.release;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a model may cost; one that costs more is refused before it serves.
 *
 * @param batchLatency of the slowest forward passes of a full batch
 * @param memoryBytes by which the process may grow while the model is loaded and scores a full batch
 */
public record ModelLimits(Duration batchLatency, long memoryBytes) implements Serializable {
    /** Generous: they stop what can't be meant, and leave fine judgement to whoever watches a canary. */
    public static final ModelLimits DEFAULT = new ModelLimits(Duration.ofMillis(500), 1L << 30);
}
