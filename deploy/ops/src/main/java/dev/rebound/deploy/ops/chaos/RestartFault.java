package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.ops.console.CommandFailedException;
import java.util.SplittableRandom;

/** The job ends and is started again by hand, from what it left. */
final class RestartFault implements Fault {
    private final String name;
    private final String description;
    private final boolean savepoint;

    /** @param savepoint whether it ends in good order, with a savepoint; else it is cancelled and its newest checkpoint is used */
    RestartFault(String name, String description, boolean savepoint) {
        this.name = name;
        this.description = description;
        this.savepoint = savepoint;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        if (!savepoint) {
            target.awaitCompletion();
        }
        long struckMillis = System.currentTimeMillis();
        target.resume(savepoint ? target.jobs().stop(target.jobId()).path().toString() : cancelled(target));
        return struckMillis;
    }

    /** What is left of a cancelled job: its newest checkpoint. */
    private static String cancelled(Target target) {
        target.cancel();
        FlinkRest.Checkpoint newest = target.jobs()
                .latestCheckpoint(target.jobId())
                .orElseThrow(
                        () -> new CommandFailedException("Job " + target.jobId() + " has no checkpoint to go on from"));
        return newest.externalPath();
    }
}
