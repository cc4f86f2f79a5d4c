package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What shows of jobs over many looks only: that they begin again too often, and that their event time stands. */
final class JobCourse {
    /** How long answers must be slow: those of a job that works off what has waited are for a while. */
    private static final Duration SLOW_FOR = Duration.ofMinutes(1);

    private final HealthLimits limits;
    private final Duration answerTime;
    private final boolean before;
    private final Map<String, Instant> slowSince = new HashMap<>();
    private boolean looked;
    private final RestartCount restarts;
    private final WatermarkPace pace = new WatermarkPace();

    /** @param before whether restarts before the first look count */
    JobCourse(Thresholds thresholds, boolean before) {
        this.limits = thresholds.limits();
        this.answerTime = thresholds.answerTime();
        this.before = before;
        this.restarts = new RestartCount(before);
    }

    /** To be called once a look, when all that restarts jobs has been found. */
    void find(Observation.Job job, Findings findings) {
        long again = restarts.count(job, findings.at(), findings.explain(Condition.JOB_NOT_RUNNING));
        if (again >= limits.restarts()) {
            findings.add(
                    Condition.RESTARTS_MANY,
                    job.id(),
                    "it began again " + again + " times within " + RestartCount.WINDOW.toMinutes() + " min"
                            + (job.failure() == null ? "" : "; its last failure: " + job.failure()));
        }
        watermark(job, findings);
        answers(job, findings);
    }

    /** To be called when all jobs of a look have been found. */
    void looked() {
        looked = true;
    }

    private void answers(Observation.Job job, Findings findings) {
        if (job.answerP99().compareTo(answerTime) <= 0) {
            slowSince.remove(job.id());
            return;
        }
        // Who looks once takes them as they are.
        Instant first = !looked && before ? Instant.MIN : findings.at();
        Instant since = slowSince.computeIfAbsent(job.id(), id -> first);
        if (since.isBefore(findings.at().minus(SLOW_FOR))) {
            findings.add(
                    Condition.ANSWERS_SLOW,
                    job.id(),
                    "one in a hundred waits for more than " + job.answerP99().toMillis() + " ms; allowed are "
                            + answerTime.toMillis() + " ms");
        }
    }

    private void watermark(Observation.Job job, Findings findings) {
        Duration lost = pace.lost(job, findings.at());
        Optional<Duration> lag = job.watermarkLag(findings.at());
        boolean behind = lag.isEmpty() || lag.get().compareTo(limits.watermarkLag()) > 0;
        if (behind && lost.compareTo(limits.watermarkLag()) > 0) {
            findings.add(
                    Condition.WATERMARK_STALLS,
                    job.id(),
                    "records have come for " + lost.toSeconds() + " s, and event time "
                            + lag.map(behindBy ->
                                            "does not follow: it is " + behindBy.toSeconds() + " s behind the clock")
                                    .orElse("has not begun"));
        }
    }
}
