package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Rehearses a take-over now and then, beside the copying, which must not wait for it. */
public final class Rehearsals implements AutoCloseable {
    private final Rehearsal rehearsal;
    private final Duration every;
    private final Progress output;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private CompletableFuture<Void> current = CompletableFuture.completedFuture(null);

    /**
     * @param every how often the same job is rehearsed; zero for never
     * @param check throws where the standby takes over
     */
    public Rehearsals(
            Site primary, Site standby, StandbyMirror mirror, Duration every, Runnable check, Progress output) {
        this.rehearsal = new Rehearsal(primary, standby, mirror, check);
        this.every = every;
        this.output = output;
    }

    /** Begins one if it is due and none runs. */
    public void keepUp() {
        if (!every.isZero() && !areRunning() && rehearsal.isDue(every)) {
            current = CompletableFuture.runAsync(this::rehearse, thread);
        }
    }

    /** While one runs, no copy may be deleted: it may read it. */
    public boolean areRunning() {
        return !current.isDone();
    }

    private void rehearse() {
        try {
            Rehearsal.Result result = rehearsal.run();
            output.progress(
                    result.problem() == null
                            ? String.format(
                                    Locale.ROOT,
                                    "rehearsed a take-over with checkpoint %d: the job commits after %.1f s",
                                    result.checkpointId(),
                                    result.seconds())
                            : "REHEARSAL FAILED: a take-over now would not come up, since " + result.problem());
        } catch (RuntimeException e) {
            output.progress("REHEARSAL FAILED: " + e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
