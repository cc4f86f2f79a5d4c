package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Progress;
import dev.rebound.jobs.RecommendationJob;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the job that is reconciled runs, and if not why: what it has not written yet is not lost. */
public final class JobCondition {
    private static final List<String> FAILED = List.of("FAILED", "FAILING");

    /** One failure may be the fault that is looked into; a job that goes on failing writes nothing. */
    private static final int MOST_FAILURES = 1;

    private final FlinkRest flink;
    private final Progress output;
    private String told = "";

    JobCondition(FlinkRest flink, Progress output) {
        this.flink = flink;
        this.output = output;
    }

    /**
     * The job to reconcile: the given one, the only one that runs, or else the one that failed last, of which
     * {@link TopicReconciler} says why.
     */
    public static String find(FlinkRest flink, @Nullable String jobId) {
        List<FlinkRest.Job> ours = flink.jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.JOB_NAME))
                .toList();
        if (jobId != null || ours.stream().anyMatch(job -> !job.ended())) {
            return RecommendationJobs.find(flink, jobId);
        }
        return ours.stream()
                .max(Comparator.comparingLong(FlinkRest.Job::endTimeMillis))
                .filter(job -> FAILED.contains(job.state()))
                .map(FlinkRest.Job::id)
                .orElseGet(() -> RecommendationJobs.find(flink, null));
    }

    /**
     * Tells at once if a job does not run, and why.
     *
     * @throws CommandFailedException if it has failed, so that nothing more will come
     */
    void tell(String jobId) {
        FlinkRest.JobDetails job;
        try {
            job = flink.job(jobId);
        } catch (FlinkRestException e) {
            tellOnce("Flink can't be asked for the job: " + e.getMessage());
            return;
        }
        if (FAILED.contains(job.state())) {
            throw new CommandFailedException(describe(job) + " Its state and its input are kept: start it again with"
                    + " `rebound job submit --from-savepoint` and its latest checkpoint or savepoint"
                    + " (`rebound job savepoints`), then reconcile");
        }
        if (mayGoOn(job)) {
            tellOnce(describe(job));
        }
    }

    private static boolean mayGoOn(FlinkRest.JobDetails job) {
        boolean ended = List.of("FINISHED", "CANCELED", "SUSPENDED").contains(job.state());
        return !ended && !job.allRunning();
    }

    private void tellOnce(String message) {
        if (!message.equals(told)) {
            told = message;
            output.progress(message);
        }
    }

    /**
     * Demands that a job from which nothing more comes has run since then.
     *
     * @throws CommandFailedException if it does not run, or goes on failing
     */
    void requireSteadySince(long sinceMillis, String jobId) {
        FlinkRest.JobDetails job = flink.job(jobId);
        long failures = flink.failures(jobId).stream()
                .filter(failure -> failure.atMillis() >= sinceMillis)
                .count();
        if (mayGoOn(job) || failures > MOST_FAILURES) {
            throw new CommandFailedException(
                    describe(job) + " It failed " + failures + " times since "
                            + Instant.ofEpochMilli(sinceMillis)
                            + ". What it has not written is not lost, and can't be compared before it runs: see `rebound doctor`");
        }
    }

    private String describe(FlinkRest.JobDetails job) {
        String state = job.state().equals("RUNNING") ? "RUNNING, but not with all of its tasks" : job.state();
        return flink.failures(job.id()).stream()
                .findFirst()
                .map(failure -> "Job " + job.id() + " is " + state + ", since at "
                        + Instant.ofEpochMilli(failure.atMillis()) + " it failed: " + failure.cause() + ".")
                .orElseGet(() -> "Job " + job.id() + " is " + state + ", and Flink tells no exception.");
    }
}
