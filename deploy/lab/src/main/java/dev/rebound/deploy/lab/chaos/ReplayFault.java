package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * The job goes back to a state before its newest: what it wrote since comes again, with the same ids, by which readers drop
 * it.
 */
final class ReplayFault implements Fault {
    private static final String CHECKPOINT = "chk-";

    /** Why it goes back, and to what. */
    enum Way {
        OLDER_CHECKPOINT(
                "older-checkpoint", "cancelled, and started from an older checkpoint: repeats by id, no others") {
            @Override
            long goBack(Target target, SplittableRandom random) {
                awaitTwoCheckpoints(target);
                long struckMillis = System.currentTimeMillis();
                List<Path> checkpoints = cancelled(target);
                target.goBack(checkpoints.get(1 + random.nextInt(checkpoints.size() - 1)));
                return struckMillis;
            }
        },
        DAMAGED_CHECKPOINT(
                "damaged-checkpoint",
                "a file of the newest checkpoint is cut: that is found before a job begins with it, and the one before is"
                        + " used") {
            @Override
            long goBack(Target target, SplittableRandom random) {
                awaitTwoCheckpoints(target);
                long struckMillis = System.currentTimeMillis();
                List<Path> checkpoints = cancelled(target);
                damage(checkpoints.get(0), random);
                List<String> problems = OpenedSavepoint.open(checkpoints.get(0)).problems();
                if (problems.isEmpty()) {
                    throw new CommandFailedException(
                            "Nobody noticed that a file of " + checkpoints.get(0) + " was cut");
                }
                Path whole = checkpoints.stream()
                        .filter(each -> OpenedSavepoint.open(each).isWhole())
                        .findFirst()
                        .orElseThrow(() -> new CommandFailedException("None of " + checkpoints + " is whole"));
                target.goBack(whole);
                return struckMillis;
            }
        },
        ROLLBACK("job-rollback", "`rebound job rollback` to a savepoint some seconds old: repeats by id, no others") {
            @Override
            long goBack(Target target, SplittableRandom random) {
                StoredSavepoint savepoint = target.jobs().savepoint(target.jobId());
                target.awaitCompletion();
                long struckMillis = System.currentTimeMillis();
                target.rollback(savepoint);
                return struckMillis;
            }
        };

        private final String faultName;
        private final String description;

        Way(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        /** @return when the job began to end, milliseconds since 1970 */
        abstract long goBack(Target target, SplittableRandom random);
    }

    private final Way way;

    ReplayFault(Way way) {
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
        return way.goBack(target, random);
    }

    private static void awaitTwoCheckpoints(Target target) {
        target.awaitCompletion();
        target.awaitCompletion();
    }

    /** Cancels the job; the checkpoints that it leaves, the newest first. */
    private static List<Path> cancelled(Target target) {
        target.cancel();
        Path newest = new Path(Objects.requireNonNull(
                target.jobs().latestCheckpoint(target.jobId()).orElseThrow().externalPath()));
        try {
            return Stream.of(newest.getFileSystem().listStatus(newest.getParent()))
                    .map(FileStatus::getPath)
                    .filter(path -> path.getName().startsWith(CHECKPOINT))
                    // A checkpoint that was under way when the job ended is none.
                    .filter(path -> number(path) <= number(newest))
                    .sorted(Comparator.comparingLong(ReplayFault::number).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't list the checkpoints beside " + newest, e);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getName().substring(CHECKPOINT.length()));
    }

    /** Cuts one of the files that no other checkpoint has a part in. */
    private static void damage(Path checkpoint, SplittableRandom random) {
        try {
            FileSystem files = checkpoint.getFileSystem();
            List<Path> own = Stream.of(files.listStatus(checkpoint))
                    .filter(file -> file.getLen() > 1)
                    .map(FileStatus::getPath)
                    .toList();
            Path cut = own.get(random.nextInt(own.size()));
            byte[] bytes;
            try (var in = files.open(cut)) {
                bytes = in.readAllBytes();
            }
            try (OutputStream out = files.create(cut, WriteMode.OVERWRITE)) {
                out.write(Arrays.copyOf(bytes, bytes.length / 2));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't damage " + checkpoint, e);
        }
    }
}
