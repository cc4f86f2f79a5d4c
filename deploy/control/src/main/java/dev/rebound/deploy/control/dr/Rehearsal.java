package dev.rebound.deploy.control.dr;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.savepoint.JsonFile;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkCluster;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import dev.rebound.operators.release.ReleasePlan;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
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

    static final Duration AFTER_A_FAILURE = Duration.ofMinutes(5);
    private static final String MODELS_SERVING = "rebound.models_serving";
    private static final List<String> FLINK_OPTIONS = List.of(
            "-Drestart-strategy.type=none",
            "-Dexecution.checkpointing.externalized-checkpoint-retention=DELETE_ON_CANCELLATION");

    private final Site standby;
    private final StandbyMirror mirror;
    private final Runnable check;
    private final Progress output;

    /** @param check throws where the standby takes over: nothing is to run beside its job */
    Rehearsal(Site standby, StandbyMirror mirror, Runnable check, Progress output) {
        this.standby = standby;
        this.mirror = mirror;
        this.check = check;
        this.output = output;
    }

    /**
     * How the last one of a job went.
     *
     * @param jobId of the primary
     * @param seconds from the search for its offsets to the first completed checkpoint; without meaning where there was a problem
     * @param problem null if a take-over would have come up
     */
    record Result(
            String jobId,
            long checkpointId,
            Instant at,
            double seconds,
            @Nullable String problem) {}

    /** The standby takes over: what is left undone then says nothing of the copy. */
    private static final class BrokenOffException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenOffException(Throwable cause) {
            super(cause);
        }
    }

    /** Of the last one on that standby; empty if there was none, or it can't be read: there will be another. */
    static Optional<Result> last(Path root, String jobId) {
        Path file = file(root, jobId);
        try {
            return JsonFile.find(file, Result.class);
        } catch (JsonProcessingException | FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Path file(Path root, String jobId) {
        return new Path(new Path(root, "standby-primary"), "rehearsal-" + jobId + ".json");
    }

    /** Whether there is a copy to start from, and its job was not rehearsed for that long. What failed is tried again soon. */
    boolean isDue(Duration every) {
        return TakeOverPoint.newest(usable(), mirror.positions())
                .filter(point -> last(root(), point.jobId())
                        .filter(last -> last.at()
                                .plus(last.problem() == null ? every : AFTER_A_FAILURE)
                                .isAfter(Instant.now()))
                        .isEmpty())
                .isPresent();
    }

    private List<StandbyPoint> usable() {
        long epoch = new EpochClaims(standby).current();
        return new StandbyCatalog(root())
                .usable().stream().filter(point -> point.epoch() >= epoch).toList();
    }

    private Path root() {
        return standby.files().root();
    }

    /**
     * Rehearses with the copy that a take-over would choose, and keeps how it went.
     *
     * @return empty if the standby takes over meanwhile
     * @throws CommandFailedException if there is no copy to start from
     */
    Optional<Result> run() {
        StandbyPoint point = TakeOverPoint.choose(
                usable(),
                mirror.positions(),
                each -> OpenedSavepoint.open(each.path()).isWhole());
        double seconds = 0;
        String problem = null;
        try {
            seconds = rehearse(point);
        } catch (BrokenOffException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            problem = Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        Result result = new Result(point.jobId(), point.checkpointId(), Instant.now(), seconds, problem);
        Path file = file(root(), point.jobId());
        try {
            file.getFileSystem().mkdirs(file.getParent());
            JsonFile.write(file, result);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
        return Optional.of(result);
    }

    /** The seconds to the first checkpoint. */
    private double rehearse(StandbyPoint point) {
        CopiedJob job = CopiedJob.of(standby, point);
        if (!job.canBeRehearsed()) {
            throw new CommandFailedException("its main class is not known to throw its outputs away");
        }
        List<String> ended = new ArrayList<>(end(standby));
        String jobId = FlinkCluster.newJobId();
        ended.add(jobId);
        long begin = System.nanoTime();
        try (PartitionEnds kafka = new PartitionEnds(standby.kafka())) {
            JobLaunch launch =
                    job.launch(job.starts(mirror, kafka), Map.of(JobOptions.REHEARSAL.key(), String.valueOf(true)));
            List<String> options = new ArrayList<>(FLINK_OPTIONS);
            options.addAll(launch.flinkOptions());
            requireStandingBy();
            standby.flink().submit(jobId, launch.jar(), options, launch.jobArguments());
            awaitRunning(jobId);
            awaitCheckpoint(jobId);
            double seconds = (System.nanoTime() - begin) / 1e9;
            awaitModels(point, jobId);
            return seconds;
        } finally {
            clean(ended, point.path().getParent().getParent());
        }
    }

    private void requireStandingBy() {
        try {
            check.run();
        } catch (CommandFailedException e) {
            throw new BrokenOffException(e);
        }
    }

    private FlinkRest.JobDetails look(String jobId) {
        requireStandingBy();
        FlinkRest.JobDetails job = standby.flink().rest().job(jobId);
        if (List.of("FAILED", "CANCELED", "FINISHED", "SUSPENDED").contains(job.state())) {
            requireStandingBy();
            throw new CommandFailedException("the job does not go on from the copy: it is " + job.state() + ", "
                    + standby.flink()
                            .rest()
                            .latestFailure(jobId)
                            .map(trace -> trace.lines().findFirst().orElse(""))
                            .orElse("no failure is known"));
        }
        return job;
    }

    private void awaitRunning(String jobId) {
        FlinkRest.JobDetails job = PATIENCE.get(() -> look(jobId), FlinkRest.JobDetails::allRunning);
        if (!job.allRunning()) {
            throw new CommandFailedException("not all tasks of the job run: " + job.state());
        }
        if (!job.name().equals(RecommendationJob.REHEARSAL_NAME)) {
            throw new CommandFailedException("the job calls itself " + job.name() + ", not "
                    + RecommendationJob.REHEARSAL_NAME + ", so that it may write outputs; it was ended");
        }
    }

    private void awaitCheckpoint(String jobId) {
        FlinkRest rest = standby.flink().rest();
        rest.triggerCheckpoint(jobId);
        boolean completed = PATIENCE.until(() -> {
            look(jobId);
            return rest.checkpoints(jobId).counts().completed() > 0;
        });
        if (!completed) {
            throw new CommandFailedException("the job starts from the copy, and completes no checkpoint");
        }
    }

    /** A job without models runs well, and recommends what is popular to everybody. */
    private void awaitModels(StandbyPoint point, String jobId) {
        boolean wanted = ReleasePlan.of(OpenedSavepoint.open(point.path()).releases())
                .answering()
                .isPresent();
        if (wanted && !OPENING.until(() -> serves(look(jobId)))) {
            throw new CommandFailedException("the job starts from the copy, and its models do not open on "
                    + standby.name() + ": see " + standby.logs());
        }
    }

    private boolean serves(FlinkRest.JobDetails job) {
        FlinkRest.Spread tasks =
                standby.flink().rest().metrics(job, List.of(MODELS_SERVING)).get(MODELS_SERVING);
        return tasks != null && tasks.least() > 0;
    }

    /**
     * Ends what runs, also one of a command that was killed. Does not wait for it.
     *
     * @return their ids
     */
    static List<String> end(Site standby) {
        FlinkRest rest = standby.flink().rest();
        List<String> ids = rest.jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.REHEARSAL_NAME) && !job.ended())
                .map(FlinkRest.Job::id)
                .toList();
        ids.forEach(rest::cancel);
        return ids;
    }

    /** Ends them, and deletes what checkpoints leave beside their files. That it does not work says nothing of the copy. */
    private void clean(List<String> jobIds, Path checkpoints) {
        FlinkRest rest = standby.flink().rest();
        try {
            List<FlinkRest.Job> left = PATIENCE.get(rest::jobs).stream()
                    .filter(job -> jobIds.contains(job.id()) && !job.ended())
                    .toList();
            for (FlinkRest.Job job : left) {
                PATIENCE.run(() -> rest.cancel(job.id()));
            }
            PATIENCE.until(() -> rest.jobs().stream().noneMatch(job -> jobIds.contains(job.id()) && !job.ended()));
            for (String jobId : jobIds) {
                checkpoints.getFileSystem().delete(new Path(checkpoints, jobId), true);
            }
        } catch (CommandFailedException | IOException e) {
            output.progress("what the rehearsal left is not cleaned up: " + e.getMessage());
        }
    }
}
