package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks Flink again and again how the job is, and notes when something first was wrong. */
final class JobWatch implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    private final FlinkRest rest;
    private final Supplier<String> jobId;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "job-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long failedCheckpoints;
    private long wrongSinceMillis;

    JobWatch(FlinkRest rest, Supplier<String> jobId) {
        this.rest = rest;
        this.jobId = jobId;
        var unused = clock.scheduleWithFixedDelay(this::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        boolean wrong;
        try {
            String job = jobId.get();
            long failed = rest.checkpoints(job).counts().failed();
            wrong = !rest.job(job).allRunning() || failed > failedCheckpoints();
        } catch (FlinkRestException e) {
            wrong = true;
        }
        note(wrong);
    }

    private synchronized long failedCheckpoints() {
        return failedCheckpoints;
    }

    private synchronized void note(boolean wrong) {
        if (wrong && wrongSinceMillis == 0) {
            wrongSinceMillis = System.currentTimeMillis();
        }
    }

    /** Begins anew: what is wrong from now on counts. */
    void reset() {
        long failed = rest.checkpoints(jobId.get()).counts().failed();
        synchronized (this) {
            failedCheckpoints = failed;
            wrongSinceMillis = 0;
        }
    }

    /** When Flink first said that tasks do not run or a checkpoint failed, or did not answer; empty where it never did. */
    synchronized OptionalLong wrongSinceMillis() {
        return wrongSinceMillis == 0 ? OptionalLong.empty() : OptionalLong.of(wrongSinceMillis);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
