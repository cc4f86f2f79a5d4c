package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.site.FlinkRest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether checkpoints no longer complete: outputs are committed with them, so that what is missing is not lost yet. */
final class CheckpointStall {
    private static final int INTERVALS = 3;

    private final FlinkRest flink;

    CheckpointStall(FlinkRest flink) {
        this.flink = flink;
    }

    /** What is to be said of it; empty where checkpoints complete, or where the job has ended or takes none. */
    Optional<String> find(String jobId, long nowMillis) {
        return flink.jobs().stream()
                .filter(job -> job.id().equals(jobId) && !job.ended())
                .findFirst()
                .flatMap(job -> find(job, nowMillis));
    }

    private Optional<String> find(FlinkRest.Job job, long nowMillis) {
        FlinkRest.Checkpoints checkpoints = flink.checkpoints(job.id());
        long completedMillis = checkpoints
                .latestCompleted()
                .map(checkpoint -> checkpoint.triggeredAtMillis() + checkpoint.durationMillis())
                .orElse(job.startTimeMillis());
        boolean late = flink.checkpointInterval(job.id())
                .map(interval -> interval.multipliedBy(INTERVALS))
                .filter(longest -> longest.compareTo(Duration.ofMillis(nowMillis - completedMillis)) < 0)
                .isPresent();
        if (!late) {
            return Optional.empty();
        }
        String why = checkpoints
                .failureOfNewest()
                .map(failure -> " The newest failed: " + failure)
                .orElse("");
        return Optional.of("no checkpoint of job " + job.id() + " has completed since "
                + Instant.ofEpochMilli(completedMillis)
                + ", and outputs are committed with checkpoints: what is missing is not lost yet. See `rebound doctor`."
                + why);
    }
}
