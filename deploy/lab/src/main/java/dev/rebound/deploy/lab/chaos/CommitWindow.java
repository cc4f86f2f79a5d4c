package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * The moments between the completion of a checkpoint and the commit of its transactions. They are too short to wait for: so
 * processes are held while a checkpoint is under way, and where it completes without them, they can't have committed.
 */
final class CommitWindow {
    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(2), Duration.ofMillis(50));

    /** What is left to do for a checkpoint in which the held ones have done their part. Far below a heartbeat's timeout. */
    private static final Patience COMPLETION = Patience.withFlink(Duration.ofSeconds(1), Duration.ofMillis(50));

    /** For the acknowledgements of the victims, once the barriers have passed. */
    private static final long MILLIS_BEHIND = 300;

    private final Target target;
    private final SplittableRandom random;

    CommitWindow(Target target, SplittableRandom random) {
        this.target = target;
        this.random = random;
    }

    /**
     * Holds the processes within the window, and leaves them held.
     *
     * @param others that have to acknowledge a checkpoint too: they are made to come last; none where the victims have no part
     *     in a checkpoint
     * @return when they were held, milliseconds since 1970; empty, and they go on, where no window was hit
     */
    OptionalLong hold(List<ManagedProcess> victims, List<ManagedProcess> others) {
        long[] heldMillis = new long[1];
        return PATIENCE.until(() -> {
                    target.awaitBarrier();
                    Campaign.pause(random.nextLong(lastDurationMillis() + 1));
                    if (!others.isEmpty()) {
                        others.forEach(ManagedProcess::freeze);
                        Campaign.pause(MILLIS_BEHIND);
                    }
                    heldMillis[0] = System.currentTimeMillis();
                    victims.forEach(ManagedProcess::freeze);
                    // Freezing takes a moment: only what is acknowledged after it can't have been heard of.
                    long frozenMillis = System.currentTimeMillis();
                    others.forEach(ManagedProcess::thaw);
                    if (COMPLETION.until(() -> completedSince(frozenMillis))) {
                        return true;
                    }
                    victims.forEach(ManagedProcess::thaw);
                    return false;
                })
                ? OptionalLong.of(heldMillis[0])
                : OptionalLong.empty();
    }

    private long lastDurationMillis() {
        return newestDone().durationMillis();
    }

    /** By its last acknowledgement, which comes before its completion. */
    private boolean completedSince(long millis) {
        FlinkRest.Checkpoint newest = newestDone();
        return newest.triggeredAtMillis() + newest.durationMillis() > millis;
    }

    private FlinkRest.Checkpoint newestDone() {
        return target.rest().checkpoints(target.jobId()).latestCompleted().orElseThrow();
    }
}
