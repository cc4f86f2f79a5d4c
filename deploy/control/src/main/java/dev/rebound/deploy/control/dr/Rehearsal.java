package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.savepoint.JsonFile;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkCluster;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Does on the standby what a take-over would do, with the outputs thrown away: starts the job from a copy, reads on where it would
 * read on, opens its models, completes a checkpoint, and ends. So a state that can't be restored is found while the primary
 * lives. What was loaded and compiled for it stays in the TaskManagers, and a take-over finds them warm.
 */
final class Rehearsal {
    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(3), Duration.ofMillis(300));

    /** Flink gathers metrics every ten seconds. */
    private static final Patience OPENING = Patience.withFlink(Duration.ofMinutes(1), Duration.ofSeconds(1));

    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(1);
    private static final String MODELS_SERVING = "rebound.models_serving";
    private static final List<String> FLINK_OPTIONS = List.of(
            "-Drestart-strategy.type=none",
            "-Dexecution.checkpointing.externalized-checkpoint-retention=DELETE_ON_CANCELLATION");

    private final Site primary;
    private final Site standby;
    private final StandbyMirror mirror;
    private final Runnable check;

    /** @param check throws where the standby takes over: nothing is to run beside its job */
    Rehearsal(Site primary, Site standby, StandbyMirror mirror, Runnable check) {
        this.primary = primary;
        this.standby = standby;
        this.mirror = mirror;
        this.check = check;
    }

    /**
     * How the last one went.
     *
     * @param jobId of the primary
     * @param seconds to the first completed checkpoint; without meaning where there was a problem
     * @param problem null if a take-over would have come up
     */
    record Result(
            String jobId,
            long checkpointId,
            Instant at,
            double seconds,
            @Nullable String problem) {}

    /** Of the last one on that standby; empty if there was none. */
    static Optional<Result> last(Path root) {
        try {
            return JsonFile.find(file(root), Result.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file(root) + ": " + e.getMessage(), e);
        }
    }

    private static Path file(Path root) {
        return new Path(new Path(root, "standby-primary"), "rehearsal.json");
    }

    /** Whether there is a copy to start from, and its job was not rehearsed for that long. What failed is tried again soon. */
    boolean isDue(Duration every) {
        return new StandbyCatalog(root())
                        .usable().stream()
                                .findFirst()
                                .filter(point -> !isRecent(point.jobId(), every))
                                .isPresent()
                && newest().isPresent();
    }

    private boolean isRecent(String jobId, Duration every) {
        return last(root())
                .filter(last -> last.jobId().equals(jobId))
                .filter(last -> last.at()
                        .plus(last.problem() == null ? every : AFTER_A_FAILURE)
                        .isAfter(Instant.now()))
                .isPresent();
    }

    private Optional<StandbyPoint> newest() {
        return TakeOverPoint.newest(new StandbyCatalog(root()).usable(), mirror.positions());
    }

    private Path root() {
        return standby.files().root();
    }

    /**
     * Rehearses with the newest copy, and keeps how it went.
     *
     * @throws CommandFailedException if there is no copy to start from
     */
    Result run() {
        StandbyPoint point = newest().orElseThrow(() ->
                new CommandFailedException(standby.name() + " has no copy yet that a job could start from"));
        double seconds = 0;
        String problem = null;
        try {
            seconds = rehearse(point);
        } catch (CommandFailedException | KafkaException | UncheckedIOException e) {
            problem = String.valueOf(e.getMessage());
        }
        Result result = new Result(point.jobId(), point.checkpointId(), Instant.now(), seconds, problem);
        Path file = file(root());
        try {
            file.getFileSystem().mkdirs(file.getParent());
            JsonFile.write(file, result);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
        return result;
    }

    /** The seconds to the first checkpoint. */
    private double rehearse(StandbyPoint point) {
        end(standby);
        String jobId = FlinkCluster.newJobId();
        long begin = System.nanoTime();
        try (PartitionEnds kafka = new PartitionEnds(standby.kafka())) {
            CopiedJob job = CopiedJob.of(standby, point);
            JobLaunch launch =
                    job.launch(job.starts(mirror, kafka), Map.of(JobOptions.REHEARSAL.key(), String.valueOf(true)));
            List<String> options = new ArrayList<>(FLINK_OPTIONS);
            options.addAll(launch.flinkOptions());
            check.run();
            standby.flink().submit(jobId, launch.jar(), options, launch.jobArguments());
            check.run();
            awaitRunning(jobId);
            awaitCheckpoint(jobId);
            double seconds = (System.nanoTime() - begin) / 1e9;
            awaitModels(point.jobId(), jobId);
            return seconds;
        } finally {
            end(standby);
            delete(new Path(point.path().getParent().getParent(), jobId));
        }
    }

    private void awaitRunning(String jobId) {
        FlinkRest rest = standby.flink().rest();
        FlinkRest.JobDetails job =
                PATIENCE.get(() -> rest.job(jobId), details -> details.allRunning() || isOver(details.state()));
        if (!job.allRunning()) {
            throw new CommandFailedException("the job does not start from the copy: it is " + job.state() + ", "
                    + rest.latestFailure(jobId)
                            .map(trace -> trace.lines().findFirst().orElse(""))
                            .orElse("no failure is known"));
        }
    }

    private static boolean isOver(String state) {
        return List.of("FAILED", "CANCELED", "FINISHED", "SUSPENDED").contains(state);
    }

    private void awaitCheckpoint(String jobId) {
        FlinkRest rest = standby.flink().rest();
        rest.triggerCheckpoint(jobId);
        if (!PATIENCE.until(() -> rest.checkpoints(jobId).counts().completed() > 0
                || isOver(rest.job(jobId).state()))) {
            throw new CommandFailedException("the job starts from the copy, and completes no checkpoint");
        }
        if (isOver(rest.job(jobId).state())) {
            throw new CommandFailedException("the job starts from the copy, and ends: "
                    + rest.latestFailure(jobId).orElse("no failure is known"));
        }
    }

    /** A job without models runs well, and recommends what is popular to everybody. */
    private void awaitModels(String original, String jobId) {
        if (primary.flink().rest().metricSum(original, MODELS_SERVING) > 0
                && !OPENING.until(() -> standby.flink().rest().metricSum(jobId, MODELS_SERVING) > 0)) {
            throw new CommandFailedException("the job starts from the copy, and its models do not open on "
                    + standby.name() + ": see " + standby.logs());
        }
    }

    /** Also one of a command that was killed. Does not wait for it. */
    static void end(Site standby) {
        FlinkRest rest = standby.flink().rest();
        rest.jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.REHEARSAL_NAME) && !job.ended())
                .forEach(job -> rest.cancel(job.id()));
    }

    /** What checkpoints leave beside their files. */
    private void delete(Path checkpoints) {
        FlinkRest rest = standby.flink().rest();
        try {
            PATIENCE.until(() -> rest.jobs().stream()
                    .noneMatch(job -> job.name().equals(RecommendationJob.REHEARSAL_NAME) && !job.ended()));
            checkpoints.getFileSystem().delete(checkpoints, true);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + checkpoints, e);
        }
    }
}
