package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import java.util.List;
import java.util.SplittableRandom;

/** The job ends and is started again by hand, from what it left. */
final class RestartFault implements Fault {

    /** How it ends, and what it begins with. */
    enum Way {
        FROM_CHECKPOINT("job-cancel", "cancelled, and started from its newest checkpoint") {
            @Override
            long restart(Target target, SplittableRandom random) {
                target.awaitCompletion();
                long struckMillis = System.currentTimeMillis();
                target.cancel();
                target.resume(newest(target));
                return struckMillis;
            }
        },
        FROM_SAVEPOINT("job-restart", "stopped with a savepoint, and started from it") {
            @Override
            long restart(Target target, SplittableRandom random) {
                long struckMillis = System.currentTimeMillis();
                target.resume(target.stop());
                return struckMillis;
            }
        },
        RESCALED("job-rescale", "stopped with a savepoint, started with 1 or 3 tasks an operator, and back to 2") {
            @Override
            long restart(Target target, SplittableRandom random) {
                long struckMillis = System.currentTimeMillis();
                target.resume(target.stop(), random.nextBoolean() ? 1 : 3);
                return struckMillis;
            }

            @Override
            void undo(Target target) {
                target.resume(target.stop());
            }
        },
        /** The tasks die between two checkpoints, with their transactions open, and those of half of them never return. */
        ORPHANED(
                "orphaned-transactions",
                "all TaskManagers are killed, and the job is started from its newest checkpoint with one task an"
                        + " operator: open transactions are aborted, and readers are not held back") {
            @Override
            long restart(Target target, SplittableRandom random) {
                target.willDamage(List.of(new Damage(Damage.Kind.ENDED, "taskmanagers")));
                long struckMillis = System.currentTimeMillis();
                target.stack().taskManagers().forEach(ManagedProcess::kill);
                target.cancel();
                target.stack().up(ProgressListener.SILENT);
                target.resume(newest(target), 1);
                return struckMillis;
            }

            @Override
            void undo(Target target) {
                target.resume(target.stop());
            }
        };

        private final String faultName;
        private final String description;

        Way(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        /** @return when it began to end, milliseconds since 1970 */
        abstract long restart(Target target, SplittableRandom random);

        void undo(Target target) {}

        /** What is left of a job that was cancelled. */
        private static String newest(Target target) {
            FlinkRest.Checkpoint newest = target.jobs()
                    .latestCheckpoint(target.jobId())
                    .orElseThrow(() ->
                            new CommandFailedException("Job " + target.jobId() + " has no checkpoint to go on from"));
            return newest.externalPath();
        }
    }

    private final Way way;

    RestartFault(Way way) {
        this.way = way;
    }

    @Override
    public String name() {
        return way.faultName;
    }

    @Override
    public String description() {
        return way.description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        return way.restart(target, random);
    }

    @Override
    public void heal(Target target) {
        way.undo(target);
    }
}
