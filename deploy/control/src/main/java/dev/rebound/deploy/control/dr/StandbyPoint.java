package dev.rebound.deploy.control.dr;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of the primary of which the standby has a whole copy, under the same address.
 *
 * @param epoch in which that job writes
 * @param jobId of the primary
 * @param folder of the checkpoint
 * @param triggeredAt by the primary's clock
 * @param intervalSeconds of the job's checkpoints
 * @param sources up to where its job had read, in the primary's offsets
 * @param outputEnds offsets in the primary's output topics before which all outputs are that its state knows; null until they
 *     are known to be committed, and then it can be started from
 * @param bytes of the files that were copied for it
 */
record StandbyPoint(
        long epoch,
        String jobId,
        long checkpointId,
        String folder,
        Instant triggeredAt,
        Instant copiedAt,
        double intervalSeconds,
        List<SourcePosition> sources,
        @Nullable List<PartitionOffset> outputEnds,
        long bytes) {

    /** The primary's machines may be so far apart. */
    private static final Duration CLOCKS_APART = Duration.ofSeconds(60);

    /** @param timestampMillis of the last record before the offset; below 0 if there is none */
    record SourcePosition(String topic, int partition, long offset, long timestampMillis) {}

    StandbyPoint withOutputEnds(List<PartitionOffset> ends) {
        return new StandbyPoint(
                epoch, jobId, checkpointId, folder, triggeredAt, copiedAt, intervalSeconds, sources, ends, bytes);
    }

    /** By the clock of any machine: no output that its state does not know was made before. */
    @JsonIgnore
    Instant outputsSince() {
        return triggeredAt.minus(CLOCKS_APART);
    }

    @JsonIgnore
    Path path() {
        return new Path(folder);
    }

    /** Name of its record. */
    @JsonIgnore
    String id() {
        return jobId + "-" + checkpointId;
    }
}
