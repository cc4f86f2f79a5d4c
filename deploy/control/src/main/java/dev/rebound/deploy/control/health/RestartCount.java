package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts restarts of jobs within a window. Those while something is wrong that restarts jobs are not counted: they end with it,
 * and it is told.
 */
final class RestartCount {
    static final Duration WINDOW = Duration.ofMinutes(10);

    private final boolean before;
    private final Map<String, Seen> jobs = new HashMap<>();
    private Instant explainedAt = Instant.MIN;

    private static final class Seen {
        private final List<Instant> restarts = new ArrayList<>();
        private long counter;
    }

    /** @param before whether restarts before the first look count, as far as Flink remembers them */
    RestartCount(boolean before) {
        this.before = before;
    }

    /**
     * To be called once a look.
     *
     * @param explained whether something is seen now that restarts jobs
     * @return how many restarts nothing explains
     */
    long count(Observation.Job job, Instant now, boolean explained) {
        Seen seen = jobs.get(job.id());
        if (seen == null) {
            seen = new Seen();
            seen.counter = job.restarts();
            jobs.put(job.id(), seen);
            if (before) {
                seen.restarts.addAll(job.failedAt());
            }
        }
        // A JobManager that takes the job over counts from zero.
        long rise = job.restarts() < seen.counter ? job.restarts() : job.restarts() - seen.counter;
        seen.counter = job.restarts();
        if (explained) {
            explainedAt = now;
            // The cause may be seen later than what it does.
            seen.restarts.removeIf(at -> at.isAfter(now.minus(RootCause.APART)));
        } else if (!explainedAt.plus(RootCause.APART).isAfter(now)) {
            for (long i = 0; i < rise; i++) {
                seen.restarts.add(now);
            }
        }
        seen.restarts.removeIf(at -> at.isBefore(now.minus(WINDOW)));
        return seen.restarts.size();
    }
}
