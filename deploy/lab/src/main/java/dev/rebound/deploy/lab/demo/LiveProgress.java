package dev.rebound.deploy.lab.demo;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Progress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tells every few seconds what was sent and what the job has made of it. */
final class LiveProgress implements AutoCloseable {
    private static final long SECONDS = 3;

    private final FlinkRest flink;
    private final String jobId;
    private final Progress output;
    private final AtomicLong sent = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "live-progress");
        thread.setDaemon(true);
        return thread;
    });

    LiveProgress(FlinkRest flink, String jobId, Progress output) {
        this.flink = flink;
        this.jobId = jobId;
        this.output = output;
        var unused = clock.scheduleWithFixedDelay(this::tell, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    void sent(long records) {
        sent.set(records);
    }

    private void tell() {
        try {
            long applied = Math.round(flink.metricSum(jobId, "rebound.events_applied_total"));
            long checkpoints = flink.checkpoints(jobId).counts().completed();
            output.progress(String.format(
                    "sent %,d records; the job has applied %,d events in %d checkpoints",
                    sent.get(), applied, checkpoints));
        } catch (FlinkRestException e) {
            output.progress("no figures from Flink now: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
