package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import java.util.List;

/**
 * Whether the outputs up to a savepoint are committed. A job that is restored from it with sinks of a new generation makes
 * those since, and never those before: what the savepoint's own sinks had only begun to commit would be lost.
 */
final class CommittedOutputs {
    private final FlinkRest flink;
    private final List<StoredSavepoint> savepoints;

    /** @param savepoints all that are known */
    CommittedOutputs(FlinkRest flink, List<StoredSavepoint> savepoints) {
        this.flink = flink;
        this.savepoints = savepoints;
    }

    boolean upTo(StoredSavepoint target, SavepointManifest manifest) {
        return areIn(manifest)
                || laterOfTheSameJob(target, manifest.job().jobId())
                || flinkSaysSo(target, manifest.job().jobId());
    }

    private static boolean areIn(SavepointManifest manifest) {
        return Boolean.TRUE.equals(manifest.outputsCommitted());
    }

    private boolean laterOfTheSameJob(StoredSavepoint target, String jobId) {
        return savepoints.stream()
                .filter(each -> each.content().checkpointId() > target.content().checkpointId())
                .flatMap(each -> each.manifest().stream())
                .anyMatch(each -> each.job().jobId().equals(jobId) && areIn(each));
    }

    /** Also of a job that has ended, for as long as Flink remembers it. */
    private boolean flinkSaysSo(StoredSavepoint target, String jobId) {
        try {
            return flink.checkpoints(jobId).committedUpTo(target.content().checkpointId());
        } catch (FlinkRestException e) {
            return false;
        }
    }
}
