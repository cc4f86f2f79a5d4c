package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.BadTaskManager;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.jobs.RecommendationJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Asks the JobManager for TaskManagers, jobs, their checkpoints and those of their metrics that tell of trouble. */
final class FlinkProbe implements Callable<Observation.Flink> {
    static final String FAILED_COMMITS = "failedCommittables";
    static final String MODELS_REFUSED = "rebound.models_refused_total";
    static final String MODELS_UNAVAILABLE = "rebound.models_unavailable";
    static final String USERS_FALLBACK = "rebound.users_fallback_total";
    static final String USERS_SCORED = "rebound.users_scored_total";
    static final String MODELS_SERVING = "rebound.models_serving";
    /** Summed over the scoring tasks. */
    static final String OVERLOAD_STEP = "rebound.overload_step";

    static final String DEAD_LETTERS = "rebound.dead_letters_total";
    static final String EVENTS_APPLIED = "rebound.events_applied_total";
    /** In Kafka, not yet read. */
    static final String RECORDS_WAITING = "pendingRecords";

    /** Events and requests, all of which pass the stage of users. */
    static final String SIGNALS_READ = "user-features.numRecordsIn";
    /** Its event time. */
    private static final String WATERMARK = "user-features.currentInputWatermark";

    /** Of the requests of the last minute, by each scoring task. */
    private static final String ANSWER_P99 = "rebound.answer_p99_millis";

    private static final Set<String> METRICS = Set.of(
            FAILED_COMMITS,
            MODELS_REFUSED,
            MODELS_UNAVAILABLE,
            USERS_FALLBACK,
            USERS_SCORED,
            MODELS_SERVING,
            OVERLOAD_STEP,
            DEAD_LETTERS,
            EVENTS_APPLIED,
            RECORDS_WAITING,
            SIGNALS_READ,
            WATERMARK,
            ANSWER_P99);
    /** Ends that somebody wanted. */
    private static final Set<String> WANTED = Set.of("CANCELLING", "CANCELED", "FINISHED");

    /** A job that begins or ends between two questions is refused the second one. */
    private static final Patience UNTIL_NOTHING_CHANGES = Patience.of(Duration.ofSeconds(6), Duration.ofMillis(500))
            .bearing(failure -> failure instanceof FlinkRestException rest && rest.isRefusal());

    private final FlinkRest flink;
    private final InstantSource clock;

    FlinkProbe(FlinkRest flink, InstantSource clock) {
        this.flink = flink;
        this.clock = clock;
    }

    @Override
    public Observation.Flink call() {
        return UNTIL_NOTHING_CHANGES.get(this::look);
    }

    private Observation.Flink look() {
        Map<String, FlinkRest.Job> newest = new TreeMap<>();
        for (FlinkRest.Job job : flink.jobs()) {
            // A rehearsal answers nobody, and whoever started it says how it went.
            if (!job.name().equals(RecommendationJob.REHEARSAL_NAME)) {
                newest.merge(
                        job.name(),
                        job,
                        BinaryOperator.maxBy(Comparator.comparingLong(FlinkRest.Job::startTimeMillis)));
            }
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
        Map<String, FlinkRest.Spread> metrics = flink.metrics(details, METRICS);
        Map<String, Double> sums = new HashMap<>();
        metrics.forEach((name, spread) -> sums.put(name, spread.sum()));
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
                sums,
                flink.restarts(job.id()).orElse(0),
                failures.stream()
                        .map(failure -> Instant.ofEpochMilli(failure.atMillis()))
                        .toList(),
                watermark(metrics.get(WATERMARK)),
                Optional.ofNullable(metrics.get(ANSWER_P99))
                        .map(p99 -> Duration.ofMillis((long) p99.greatest()))
                        .orElse(Duration.ZERO));
    }

    /** That of the subtask that is last; Flink tells it as a floating-point number. */
    private static @Nullable Long watermark(FlinkRest.@Nullable Spread spread) {
        // A cast keeps the least and the greatest number as what they stand for.
        return spread == null ? null : (Long) (long) spread.least();
    }
}
