package dev.rebound.deploy.ops.health;

import dev.rebound.deploy.local.FlinkRest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Asks the JobManager for TaskManagers, jobs, their checkpoints and those of their metrics that tell of trouble. */
final class FlinkProbe implements Callable<Observation.Flink> {
    static final String FAILED_COMMITS = "failedCommittables";
    static final String MODELS_REFUSED = "rebound.models_refused_total";
    static final String USERS_FALLBACK = "rebound.users_fallback_total";
    static final String USERS_SCORED = "rebound.users_scored_total";
    static final String MODELS_SERVING = "rebound.models_serving";

    private static final Set<String> METRICS =
            Set.of(FAILED_COMMITS, MODELS_REFUSED, USERS_FALLBACK, USERS_SCORED, MODELS_SERVING);

    private final FlinkRest flink;

    FlinkProbe(FlinkRest flink) {
        this.flink = flink;
    }

    @Override
    public Observation.Flink call() {
        List<Observation.Job> jobs = new ArrayList<>();
        for (FlinkRest.Job job : flink.jobs()) {
            if (!job.ended()) {
                jobs.add(observe(job));
            }
        }
        return new Observation.Flink(flink.overview().taskManagers(), jobs);
    }

    private Observation.Job observe(FlinkRest.Job job) {
        FlinkRest.JobDetails details = flink.job(job.id());
        FlinkRest.Checkpoints checkpoints = flink.checkpoints(job.id());
        Optional<String> failure =
                flink.latestFailure(job.id()).flatMap(trace -> trace.lines().findFirst());
        return new Observation.Job(
                job.id(),
                details.state(),
                details.allRunning(),
                Instant.ofEpochMilli(job.startTimeMillis()),
                failure.orElse(null),
                checkpoints.counts().failed(),
                checkpoints.counts().completed(),
                checkpoints
                        .latestCompleted()
                        .map(checkpoint -> Instant.ofEpochMilli(checkpoint.triggeredAtMillis()))
                        .orElse(null),
                flink.metricSums(details, METRICS));
    }
}
