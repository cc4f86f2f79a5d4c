package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.RecommendationJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Ends the primary's part of a planned take-over: its job, with a savepoint that the standby goes on from, and once producers
 * have moved, the mirror. Nothing is lost, and nothing is made again.
 */
public final class PrimaryEnd {
    private static final Patience PATIENCE = Patience.of(Duration.ofMinutes(2), Duration.ofMillis(200));
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int MOST_LAG_SECONDS = 10;
    private static final Duration MIRROR_LOOK = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Site primary;
    private final Site standby;
    private final StandbyCopier copier;
    private final StandbyMirror mirror;
    private final Duration producersWithin;
    private final Progress output;
    private final String topicPrefix;
    private long mirrorSeen = System.nanoTime() - MIRROR_LOOK.toNanos();

    /** @param producersWithin for how long producers may go on sending to the primary once the standby's job runs */
    public PrimaryEnd(
            Site primary,
            Site standby,
            StandbyCopier copier,
            StandbyMirror mirror,
            Duration producersWithin,
            Progress output) {
        this.primary = primary;
        this.standby = standby;
        this.copier = copier;
        this.mirror = mirror;
        this.producersWithin = producersWithin;
        this.output = output;
        this.topicPrefix = primary.topics().prefix();
    }

    /** In which the primary writes. */
    long epoch() {
        return new EpochClaims(primary).current();
    }

    /** Refuses where answers would cease for longer than they need to. */
    void requireReady() {
        StandbyStatus status = StandbyStatus.of(primary, standby, mirror);
        List<String> problems = new ArrayList<>(status.inTheWay());
        // How old the newest copy is does not matter: the savepoint will be newer.
        mirror.problem().ifPresent(problem -> problems.add("the mirror does not copy: " + problem));
        if (status.lagsUnknown() != null) {
            problems.add(status.lagsUnknown());
        } else if (Objects.requireNonNull(status.lags()).stream().anyMatch(lag -> lag.seconds() > MOST_LAG_SECONDS)) {
            problems.add("the mirror is more than " + MOST_LAG_SECONDS + " s behind");
        }
        if (!problems.isEmpty()) {
            throw new CommandFailedException(standby.name() + " is not ready, and nothing was changed: "
                    + String.join("; ", problems) + ". See: rebound dr status");
        }
    }

    /** The id of the recommendation job that runs there. */
    String job() {
        List<FlinkRest.Job> jobs = primary.flink().rest().jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.JOB_NAME) && !job.ended())
                .toList();
        if (jobs.size() != 1) {
            throw new CommandFailedException("On " + primary.name() + " run " + jobs.size() + " jobs of the name "
                    + RecommendationJob.JOB_NAME + ", must be one. See: rebound job list --site " + primary.name());
        }
        return jobs.get(0).id();
    }

    /**
     * Stops it; of a job that an attempt before has stopped it is the same savepoint.
     *
     * @return the savepoint's path
     */
    String stop(String jobId) {
        FlinkRest rest = primary.flink().rest();
        if (isFinished(rest, jobId)) {
            return stoppedWith(rest, jobId);
        }
        URI folder = primary.files()
                .rootAddress()
                .resolve(primary.files().rootAddress().getPath() + "/savepoints");
        try {
            return primary.flink().stopWithSavepoint(jobId, folder);
        } catch (CommandFailedException e) {
            if (isFinished(rest, jobId)) {
                return stoppedWith(rest, jobId);
            }
            throw e;
        }
    }

    private static boolean isFinished(FlinkRest rest, String jobId) {
        try {
            return rest.job(jobId).state().equals("FINISHED");
        } catch (FlinkRestException e) {
            return false;
        }
    }

    /** Whether a job runs there that an attempt before did not end: its savepoint would not know what that one does. */
    boolean runsOther(String endedJob) {
        return primary.flink().rest().jobs().stream()
                .anyMatch(job -> job.name().equals(RecommendationJob.JOB_NAME)
                        && !job.ended()
                        && !job.id().equals(endedJob));
    }

    private String stoppedWith(FlinkRest rest, String jobId) {
        FlinkRest.Checkpoint savepoint = rest.checkpoints(jobId).latest().savepoint();
        if (savepoint == null || savepoint.externalPath() == null) {
            throw new CommandFailedException("Job " + jobId + " of " + primary.name()
                    + " has ended, and not with a savepoint. Start it again there, or take over without it: rebound dr"
                    + " failover --site " + standby.name());
        }
        return savepoint.externalPath();
    }

    StandbyPoint copy(String jobId, String savepoint, Instant begunAt) {
        return copier.copySavepoint(jobId, savepoint, begunAt);
    }

    /**
     * Waits until the standby has all outputs that the savepoint knows.
     *
     * @return up to where it has the primary's topics, in the primary's offsets
     */
    Map<TopicPartition, Long> awaitOutputs(StandbyPoint point) {
        Map<TopicPartition, Long> arrived = PATIENCE.get(
                () -> {
                    keepMirrorRunning();
                    return mirror.positions();
                },
                positions -> TakeOverPoint.hasArrived(point, positions));
        if (!TakeOverPoint.hasArrived(point, arrived)) {
            throw new CommandFailedException("Not all outputs of " + primary.name() + " have arrived on "
                    + standby.name() + " after " + PATIENCE.limit().toSeconds() + " s"
                    + mirror.problem()
                            .map(problem -> ": the mirror does not copy, " + problem)
                            .orElse("")
                    + ". Repeat the command");
        }
        return arrived;
    }

    /** Unlike that of a standby, it may run beside the take-over. Now and then is enough: each look takes a moment. */
    private void keepMirrorRunning() {
        if (System.nanoTime() - mirrorSeen >= MIRROR_LOOK.toNanos()) {
            mirror.keepRunning(primary, () -> {}, output);
            mirrorSeen = System.nanoTime();
        }
    }

    /** Tells readers of the primary, and commands there, that it writes no more. */
    void tell(EpochClaims.Claim claim) {
        try (PartitionEnds kafka = new PartitionEnds(primary.kafka())) {
            Set<TopicPartition> outputs = kafka.partitions(SiteTopics.outputs(topicPrefix));
            Fences fences = new Fences(primary.kafka(), topicPrefix);
            fences.prepare(primary.topics());
            fences.tell(claim, PartitionOffset.listOf(kafka.stable(outputs)));
        }
        new EpochClaims(primary).noteElsewhere(claim);
    }

    /**
     * Waits until no producer sends to the primary any more and all that any has sent is on the standby, then ends the mirror.
     *
     * @return up to where the standby has the primary's topics, in the primary's offsets
     */
    Map<TopicPartition, Long> drain() {
        try (PartitionEnds kafka = new PartitionEnds(primary.kafka())) {
            Set<TopicPartition> inputs = new HashSet<>(kafka.partitions(SiteTopics.inputs(topicPrefix)));
            Quiet quiet = new Quiet();
            output.progress("waiting until producers send to " + standby.name() + " and no more to " + primary.name());
            boolean drained = Patience.of(producersWithin, LOOK).until(() -> {
                keepMirrorRunning();
                Map<TopicPartition, Long> ends = kafka.afterLastRecords(inputs, standby.name());
                Map<TopicPartition, Long> arrived = mirror.positions();
                return quiet.since(ends)
                        && ends.entrySet().stream()
                                .allMatch(end -> arrived.getOrDefault(end.getKey(), 0L) >= end.getValue());
            });
            if (!drained) {
                throw new CommandFailedException("Producers still send to " + primary.name() + ", or the mirror has not"
                        + " copied all, after " + producersWithin.toSeconds() + " s. The job runs on " + standby.name()
                        + " and gets what they send. Have them send to " + standby.name()
                        + ", then repeat the command: it ends the mirror");
            }
        }
        mirror.stop();
        return mirror.positions();
    }

    /** Whether nothing has come for a while. */
    private static final class Quiet {
        private Map<TopicPartition, Long> ends = Map.of();
        private long since = System.nanoTime();

        boolean since(Map<TopicPartition, Long> now) {
            if (!now.equals(ends)) {
                ends = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since >= QUIET.toNanos();
        }
    }
}
