package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Rehearses a take-over now and then, beside the copying, which must not wait for it. Used by one thread. */
public final class Rehearsals implements AutoCloseable {
    /** To look whether one is due takes a reading of the mirror's positions. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private static final Duration TO_END = Duration.ofSeconds(30);

    private final Rehearsal rehearsal;
    private final Duration every;
    private final Progress output;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private CompletableFuture<Void> current = CompletableFuture.completedFuture(null);
    private volatile Instant nextLook = Instant.MIN;

    /**
     * @param every how often the same job is rehearsed; zero for never
     * @param check throws where the standby takes over
     */
    public Rehearsals(Site standby, StandbyMirror mirror, Duration every, Runnable check, Progress output) {
        this.rehearsal = new Rehearsal(standby, mirror, check, output);
        this.every = every;
        this.output = output;
    }

    /** Begins one if it is due and none runs. */
    public void keepUp() {
        if (every.isZero() || areRunning() || Instant.now().isBefore(nextLook)) {
            return;
        }
        nextLook = Instant.now().plus(BETWEEN_LOOKS);
        if (rehearsal.isDue(every)) {
            current = CompletableFuture.runAsync(this::rehearse, thread).exceptionally(this::broken);
        }
    }

    /** While one runs, no copy may be deleted: it may read it. */
    public boolean areRunning() {
        return !current.isDone();
    }

    private void rehearse() {
        rehearsal
                .run()
                .ifPresent(result -> output.progress(
                        result.problem() == null
                                ? String.format(
                                        Locale.ROOT,
                                        "rehearsed a take-over with checkpoint %d: the job's first checkpoint after %.1f s",
                                        result.checkpointId(),
                                        result.seconds())
                                : "REHEARSAL FAILED with checkpoint " + result.checkpointId() + ": "
                                        + result.problem()));
    }

    private Void broken(Throwable failure) {
        nextLook = Instant.now().plus(Rehearsal.AFTER_A_FAILURE);
        output.progress("REHEARSAL FAILED: " + failure);
        return null;
    }

    /** Lets one that runs end what it has started. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(TO_END.toSeconds(), TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
