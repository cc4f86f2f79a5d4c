package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.backup.CheckpointReferences;
import dev.rebound.deploy.control.backup.FrozenFolder;
import dev.rebound.deploy.control.backup.SourceSnapshots;
import dev.rebound.deploy.control.dr.StandbyPoint.SourcePosition;
import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.SavedSources;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.RecommendationJob;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a standby able to take over: copies, round by round, what the primary's job needs to go on elsewhere. That is each
 * completed checkpoint under the same address, the models, the job's jar and what it was submitted as.
 *
 * <p>A copy counts when all of it was opened on the standby, and is good to start from once the outputs that its state knows
 * are committed on the primary: a job that starts from it never makes those again.
 */
public final class StandbyCopier implements AutoCloseable {
    private static final String METADATA = "_metadata";
    private static final List<String> FOLDERS = List.of("jars", "jobs");

    private final Site primary;
    private final Site standby;
    private final String topicPrefix;
    private final Progress output;
    private final EpochClaims claims;
    private final long primaryEpoch;
    private final StandbyCatalog catalog;
    private final FileSystem from;
    private final FileSystem to;
    private final FileCopies files;
    private final PartitionEnds kafka;

    /**
     * @throws CommandFailedException if a site can't be reached
     */
    public StandbyCopier(Site primary, Site standby, Progress output) {
        this.primary = primary;
        this.standby = standby;
        this.topicPrefix = primary.topics().prefix();
        this.output = output;
        this.claims = new EpochClaims(standby);
        this.primaryEpoch = new EpochClaims(primary).current();
        this.catalog = new StandbyCatalog(standby.files().root());
        this.from = primary.files().open();
        this.to = standby.files().open();
        this.files = new FileCopies(from, to);
        this.kafka = new PartitionEnds(primary.kafka());
        new Fences(standby.kafka(), topicPrefix).prepare(standby.topics());
    }

    /**
     * Refuses to mirror into topics that hold records of another origin: they would be mixed with copies, and of a site that was
     * once the primary, its own records would come back to it.
     *
     * @param arrived up to where the mirror has copied; empty if it never ran
     */
    public void requireOwnTopics(Map<TopicPartition, Long> arrived) {
        if (!arrived.isEmpty()) {
            return;
        }
        try (PartitionEnds there = new PartitionEnds(standby.kafka())) {
            List<String> topics = new ArrayList<>(SiteTopics.inputs(topicPrefix));
            topics.addAll(SiteTopics.outputs(topicPrefix));
            Set<TopicPartition> partitions = there.partitions(topics);
            Map<TopicPartition, Long> begins = there.beginnings(partitions);
            there.stable(partitions).forEach((partition, end) -> {
                if (end > begins.get(partition)) {
                    throw new CommandFailedException(partition + " on " + standby.name()
                            + " holds records that no mirror of " + primary.name()
                            + " has written. A standby begins with"
                            + " topics that are empty: delete those of " + topicPrefix
                            + " there, or take another site");
                }
            });
        }
    }

    /**
     * What a round did.
     *
     * @param copied the checkpoint that was copied; null if there was no new one
     * @param bytes that were copied in all
     * @param seconds that it took
     */
    public record Round(@Nullable String copied, long bytes, double seconds) {}

    /**
     * Copies what is new.
     *
     * @throws CommandFailedException if the primary does not answer
     */
    public Round round() {
        long begin = System.nanoTime();
        try {
            long bytes = 0;
            String copied = null;
            for (FlinkRest.Job job : running()) {
                FlinkRest.Checkpoints checkpoints = primary.flink().rest().checkpoints(job.id());
                settle(job.id(), checkpoints);
                Optional<FlinkRest.Checkpoint> newest =
                        checkpoints.latestCompleted().filter(this::isNew);
                if (newest.isPresent()) {
                    bytes += copyInventory();
                    Optional<StandbyPoint> point = copy(job.id(), newest.get());
                    copied = point.map(StandbyPoint::folder).orElse(copied);
                    bytes += point.map(StandbyPoint::bytes).orElse(0L);
                }
            }
            rememberEnds();
            return new Round(copied, bytes, (System.nanoTime() - begin) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Copying from " + primary.name() + " to " + standby.name() + " failed: " + e.getMessage(), e);
        }
    }

    /**
     * Notes on the standby whom it stands by for, so that commands which were meant for the primary are refused there.
     *
     * @throws CommandFailedException if a job of its own runs there: the two sites may have been mixed up
     */
    public void standBy() {
        requireStandingBy();
        standby.flink().rest().jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.JOB_NAME) && !job.ended())
                .findFirst()
                .ifPresent(job -> {
                    throw new CommandFailedException("Job " + job.id() + " runs on " + standby.name()
                            + ", which can't stand by then. If " + standby.name()
                            + " is the primary, name the sites the"
                            + " other way round; else end the job first");
                });
        claims.notePrimary(primary.name(), primaryEpoch);
    }

    /** @throws CommandFailedException if the standby takes over, or has */
    public void requireStandingBy() {
        claims.requireNoneAfter(primaryEpoch, standby.name());
    }

    private List<FlinkRest.Job> running() {
        return primary.flink().rest().jobs().stream()
                .filter(job -> job.name().equals(RecommendationJob.JOB_NAME) && !job.ended())
                .toList();
    }

    private boolean isNew(FlinkRest.Checkpoint checkpoint) {
        return checkpoint.externalPath() != null
                && !checkpoint.savepoint()
                && catalog.all().stream().noneMatch(each -> each.folder().equals(checkpoint.externalPath()));
    }

    /** What a checkpoint may name has to be there before it. */
    private long copyInventory() throws IOException {
        long bytes = files.copyFolder(path(registry()));
        for (String folder : FOLDERS) {
            bytes += files.copyFolder(new Path(path(root()), folder));
        }
        return bytes;
    }

    private URI root() {
        return standby.files().root().toUri();
    }

    private URI registry() {
        return standby.files().registry().toUri();
    }

    private static Path path(URI folder) {
        return new Path(folder.getPath());
    }

    /** Empty if the primary has deleted it meanwhile, since it has newer ones. From a snapshot, it does so no more. */
    private Optional<StandbyPoint> copy(String jobId, FlinkRest.Checkpoint checkpoint) throws IOException {
        Path folder = new Path(String.valueOf(checkpoint.externalPath()));
        Path all = folder.getParent().getParent();
        long bytes = 0;
        try (SourceSnapshots snapshots =
                new SourceSnapshots(primary.files().hadoop(), "standby-" + jobId + "-" + checkpoint.id(), output)) {
            FrozenFolder frozen = snapshots.freeze(List.of(all)).get(all);
            Path metadata = new Path(folder, METADATA);
            Map<Path, Path> state = new HashMap<>();
            references(at(frozen, metadata), folder).forEach(file -> state.put(file, at(frozen, file)));
            bytes += files.copyAll(state);
            bytes += files.copy(metadata, at(frozen, metadata));
        } catch (FileNotFoundException e) {
            output.progress("checkpoint " + checkpoint.id() + " was gone before it could be copied: " + e.getMessage());
            return Optional.empty();
        }
        StandbyPoint point = opened(
                jobId,
                String.valueOf(checkpoint.externalPath()),
                Instant.ofEpochMilli(checkpoint.triggeredAtMillis()),
                bytes);
        catalog.write(point);
        return Optional.of(point);
    }

    /**
     * Copies the savepoint that the primary's job has ended with, whose outputs are all committed.
     *
     * @param begunAt no output that it does not know was made before
     */
    StandbyPoint copySavepoint(String jobId, String savepoint, Instant begunAt) {
        try {
            long bytes = copyInventory() + files.copyFolder(new Path(savepoint));
            StandbyPoint point = opened(jobId, savepoint, begunAt, bytes);
            // All of them: what arrives after the cut is refused, and nobody makes it again.
            Set<TopicPartition> outputs = kafka.partitions(SiteTopics.outputs(topicPrefix));
            return point.withOutputEnds(PartitionOffset.listOf(kafka.afterLastRecords(outputs, standby.name())));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Copying " + savepoint + " from " + primary.name() + " to " + standby.name() + " failed: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Path at(FrozenFolder frozen, Path file) {
        return frozen.relative(file).map(frozen::at).orElse(file);
    }

    private Set<Path> references(Path metadata, Path folder) throws IOException {
        try (InputStream in = from.open(Path.getPathWithoutSchemeAndAuthority(metadata))) {
            return CheckpointReferences.of(in, folder);
        }
    }

    private StandbyPoint opened(String jobId, String folder, Instant triggeredAt, long bytes) throws IOException {
        org.apache.flink.core.fs.Path copy = new org.apache.flink.core.fs.Path(folder);
        OpenedSavepoint content = OpenedSavepoint.open(copy);
        if (!content.isWhole()) {
            throw new CommandFailedException("The copy of " + folder + " on " + standby.name()
                    + " can't be started from: " + String.join("; ", content.problems()));
        }
        Map<TopicPartition, Long> offsets = SavedSources.of(copy);
        Map<TopicPartition, Long> timestamps = kafka.timestampsBefore(offsets);
        List<SourcePosition> sources = PartitionOffset.listOf(offsets).stream()
                .map(each -> new SourcePosition(
                        each.topic(),
                        each.partition(),
                        each.offset(),
                        timestamps.getOrDefault(each.topicPartition(), -1L)))
                .toList();
        return new StandbyPoint(
                primaryEpoch,
                jobId,
                content.checkpointId(),
                folder,
                triggeredAt,
                Instant.now(),
                interval(jobId).toMillis() / 1e3,
                sources,
                null,
                bytes);
    }

    /** Zero where Flink has forgotten a job that has ended. */
    private Duration interval(String jobId) {
        try {
            return primary.flink().rest().checkpointInterval(jobId).orElse(Duration.ZERO);
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return Duration.ZERO;
            }
            throw e;
        }
    }

    /** Notes the ends of the outputs, of copies whose outputs have been committed since. */
    private void settle(String jobId, FlinkRest.Checkpoints checkpoints) {
        for (StandbyPoint point : catalog.points()) {
            if (point.jobId().equals(jobId)
                    && point.outputEnds() == null
                    && checkpoints.committedUpTo(point.checkpointId())) {
                Set<TopicPartition> outputs = kafka.partitions(SiteTopics.exactlyOnce(topicPrefix));
                catalog.write(
                        point.withOutputEnds(PartitionOffset.listOf(kafka.afterLastRecords(outputs, standby.name()))));
            }
        }
    }

    /** What is lost with the primary is known by them. */
    private void rememberEnds() {
        Set<TopicPartition> partitions = kafka.partitions(SiteTopics.inputs(topicPrefix));
        PrimaryEnds.write(
                standby.files().root(),
                new PrimaryEnds(
                        Instant.now(), PartitionOffset.listOf(kafka.afterLastRecords(partitions, standby.name()))));
    }

    /**
     * Deletes copies that no take-over needs any more.
     *
     * @param arrived up to where the standby has what the primary's topics hold
     */
    public void prune(Map<TopicPartition, Long> arrived) {
        try {
            new StandbyRetention(catalog, to).prune(arrived);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete old copies on " + standby.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        kafka.close();
        files.close();
        try (FileSystem ofPrimary = from;
                FileSystem ofStandby = to) {
            // Both are closed here.
        } catch (IOException e) {
            throw new UncheckedIOException("Can't close the clients of the file systems", e);
        }
    }
}
