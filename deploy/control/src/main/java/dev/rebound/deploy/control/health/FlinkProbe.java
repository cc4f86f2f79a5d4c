package dev.rebound.deploy.ops.health;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.BadTaskManager;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.FlinkRestException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;

/** Asks the JobManager for TaskManagers, jobs, their checkpoints and those of their metrics that tell of trouble. */
final class FlinkProbe implements Callable<Observation.Flink> {
    static final String FAILED_COMMITS = "failedCommittables";
    static final String MODELS_REFUSED = "rebound.models_refused_total";
    static final String USERS_FALLBACK = "rebound.users_fallback_total";
    static final String USERS_SCORED = "rebound.users_scored_total";
    static final String MODELS_SERVING = "rebound.models_serving";
    /** Summed over the scoring tasks. */
    static final String OVERLOAD_STEP = "rebound.overload_step";

    static final String DEAD_LETTERS = "rebound.dead_letters_total";
    static final String EVENTS_APPLIED = "rebound.events_applied_total";
    /** In Kafka, not yet read. */
    static final String RECORDS_WAITING = "pendingRecords";

    private static final Set<String> METRICS = Set.of(
            FAILED_COMMITS,
            MODELS_REFUSED,
            USERS_FALLBACK,
            USERS_SCORED,
            MODELS_SERVING,
            OVERLOAD_STEP,
            DEAD_LETTERS,
            EVENTS_APPLIED,
            RECORDS_WAITING);
    /** Ends that somebody wanted. */
    private static final Set<String> WANTED = Set.of("CANCELLING", "CANCELED", "FINISHED");

    /** A job that begins or ends between two questions is refused the second one. */
    private static final RetryPolicy<Observation.Flink> UNTIL_NOTHING_CHANGES = RetryPolicy.<Observation.Flink>builder()
            .handleIf(failure -> failure instanceof FlinkRestException rest && rest.isRefusal())
            .withDelay(Duration.ofMillis(500))
            .withMaxDuration(Duration.ofSeconds(6))
            .withMaxRetries(-1)
            .build();

    private final FlinkRest flink;
    private final InstantSource clock;

    FlinkProbe(FlinkRest flink, InstantSource clock) {
        this.flink = flink;
        this.clock = clock;
    }

    @Override
    public Observation.Flink call() {
        return Failsafe.with(UNTIL_NOTHING_CHANGES).get(() -> look());
    }

    private Observation.Flink look() {
        Map<String, FlinkRest.Job> newest = new TreeMap<>();
        for (FlinkRest.Job job : flink.jobs()) {
            newest.merge(
                    job.name(), job, BinaryOperator.maxBy(Comparator.comparingLong(FlinkRest.Job::startTimeMillis)));
        }
        List<Observation.Job> jobs = new ArrayList<>();
        Set<String> ended = new HashSet<>();
        newest.forEach((name, job) -> {
            if (WANTED.contains(job.state())) {
                ended.add(name);
            } else {
                jobs.add(observe(job));
            }
        });
        return new Observation.Flink(flink.overview().taskManagers(), jobs, ended);
    }

    private Observation.Job observe(FlinkRest.Job job) {
        FlinkRest.JobDetails details = flink.job(job.id());
        FlinkRest.Checkpoints checkpoints = flink.checkpoints(job.id());
        List<FlinkRest.Failure> failures = flink.failures(job.id());
        return new Observation.Job(
                job.id(),
                job.name(),
                details.state(),
                details.allRunning(),
                Instant.ofEpochMilli(job.startTimeMillis()),
                failures.isEmpty() ? null : failures.get(0).cause(),
                BadTaskManager.among(failures, clock.instant()).orElse(null),
                checkpoints.failureOfNewest().orElse(null),
                checkpoints.counts().failed(),
                checkpoints.counts().completed(),
                checkpoints
                        .latestCompleted()
                        .map(checkpoint -> Instant.ofEpochMilli(checkpoint.triggeredAtMillis()))
                        .orElse(null),
                flink.metricSums(details, METRICS));
    }
}
