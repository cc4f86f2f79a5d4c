package dev.rebound.operators.retraining;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a model goes on learning.
 *
 * @param model whose LIVE version is trained further
 * @param sliceExamples that close a slice
 * @param interval after which a slice closes that has fewer
 * @param leastExamples below which it waits on
 * @param replaySlices of before that are trained on again with each slice
 * @param comparedShare of the newest lists of a slice that the two versions are compared on
 * @param leastGain in NDCG@10 that the lower end of the interval must exceed
 * @param canaryPercent of the users that a better version begins with as a CANARY; 0 lets it begin as a SHADOW
 * @param workFolder local folder for training; null for the JVM's temporary folder
 */
public record RetrainingSettings(
        String model,
        int sliceExamples,
        Duration interval,
        int leastExamples,
        int replaySlices,
        double comparedShare,
        double leastGain,
        double canaryPercent,
        @Nullable String workFolder)
        implements Serializable {
    boolean asCanary() {
        return canaryPercent > 0;
    }
}
