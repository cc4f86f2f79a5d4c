package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Has a site that was taken over from stand by for the one that took over. What it did after the cut counts no more, and what
 * it was told that never arrived is told to the other site now. Each step can be repeated.
 *
 * <ol>
 *   <li>Notes who has the epoch: from now on no command starts a job here.
 *   <li>Ends the jobs of the old epoch, which may have come back with their cluster, and the transactions that they have left
 *       open.
 *   <li>Tells readers of this site's topics of the cut.
 *   <li>Sends the inputs that had not arrived to the other site.
 * </ol>
 */
public final class Rejoin {
    /** No site has no name. */
    private static final String NOBODY = "";

    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(2), Duration.ofMillis(300));

    private final Site primary;
    private final Site standby;
    private final Progress output;
    private final String topicPrefix;

    /**
     * @param primary that may have taken over
     * @param standby that it may have taken over from
     */
    public Rejoin(Site primary, Site standby, Progress output) {
        this.primary = primary;
        this.standby = standby;
        this.output = output;
        this.topicPrefix = standby.topics().prefix();
    }

    /**
     * Does what is left to do.
     *
     * @return whether the standby was taken over from by the primary; if not, nothing was done
     * @throws CommandFailedException if the standby does not answer, or does not hold what it held when it was lost
     */
    public boolean run() {
        EpochClaims claims = new EpochClaims(primary);
        Optional<EpochClaims.Claim> last = claims.lastFinished();
        if (last.isEmpty()) {
            return false;
        }
        EpochClaims.Claim claim = last.get();
        TakeOverJournal.Content takenOver = journal(claims, claim);
        if (!standby.name().equals(takenOver.primary)) {
            return false;
        }
        EpochClaims own = new EpochClaims(standby);
        own.requireNoneAfter(claim.epoch(), standby.name());
        requireDrained(takenOver);
        own.noteElsewhere(claim);
        endJobs(claim.epoch());
        rejoin(claim, PartitionOffset.mapOf(Objects.requireNonNull(takenOver.arrived)));
        return true;
    }

    /** As long as producers send here, what they send would lie among what comes back. */
    private void requireDrained(TakeOverJournal.Content takenOver) {
        if (takenOver.planned && !takenOver.drained) {
            throw new CommandFailedException("Producers may still send to " + standby.name()
                    + ": the move to " + primary.name() + " is not done. Repeat: rebound dr failback --site "
                    + primary.name() + " --primary " + standby.name());
        }
    }

    private static TakeOverJournal.Content journal(EpochClaims claims, EpochClaims.Claim claim) {
        try {
            return TakeOverJournal.parse(claims.readJournal(claim.epoch()));
        } catch (IOException e) {
            throw new UncheckedIOException("The journal of the take-over of epoch " + claim.epoch() + " is damaged", e);
        }
    }

    private void endJobs(long epoch) {
        RecommendationJobs jobs = new RecommendationJobs(standby);
        for (FlinkRest.Job job : jobs.running()) {
            output.progress("ending job " + job.id() + " of " + standby.name() + ", where epoch " + epoch
                    + " is another site's");
            jobs.cancel(job.id());
        }
        if (!PATIENCE.until(() -> jobs.running().isEmpty())) {
            throw new CommandFailedException("Jobs still run on " + standby.name() + " after "
                    + PATIENCE.limit().toSeconds() + " s. Look into " + standby.logs());
        }
        List<String> aborted = jobs.abortTransactions();
        if (!aborted.isEmpty()) {
            output.progress("aborted " + aborted.size() + " transactions that jobs of " + standby.name()
                    + " had left open, and that held back every reader");
        }
    }

    private void rejoin(EpochClaims.Claim claim, Map<TopicPartition, Long> arrived) {
        try (PartitionEnds here = new PartitionEnds(standby.kafka());
                PartitionEnds there = new PartitionEnds(primary.kafka())) {
            requireAllThere(here, arrived);
            Path root = standby.files().root();
            if (RejoinPoint.read(root, claim.epoch()).isEmpty()) {
                Fences fences = new Fences(standby.kafka(), topicPrefix);
                fences.prepare(standby.topics());
                fences.tell(claim, PartitionOffset.listOf(cuts(here, arrived)));
                RejoinPoint point = begin(claim.epoch(), here, there, arrived);
                point.write(root);
                say(point);
            }
        }
    }

    /** Before anything is mirrored here: what is in the topics now is this site's own, or was the other's before. */
    private RejoinPoint begin(long epoch, PartitionEnds here, PartitionEnds there, Map<TopicPartition, Long> arrived) {
        List<String> inputs = SiteTopics.inputs(topicPrefix);
        List<String> all = new ArrayList<>(inputs);
        all.addAll(SiteTopics.outputs(topicPrefix));
        Map<TopicPartition, Long> ends = here.stable(here.partitions(all));
        Map<TopicPartition, Long> own = new HashMap<>(ends);
        own.keySet().removeIf(partition -> !inputs.contains(partition.topic()));
        setMirrors(there, all, ends);
        InputResend resend = new InputResend(standby, primary, arrived, own);
        String releases = Topic.MODEL_RELEASES.topicName(topicPrefix);
        List<String> sent = new ArrayList<>(inputs);
        sent.remove(releases);
        Map<String, Long> sentAgain = resend.send(sent, compacted(sent));
        return new RejoinPoint(
                epoch,
                sentAgain,
                resend.missing(List.of(releases)),
                PartitionOffset.listOf(own),
                PartitionOffset.listOf(there.afterLastRecords(there.partitions(inputs), NOBODY)));
    }

    private List<String> compacted(List<String> topics) {
        return Arrays.stream(Topic.values())
                .filter(Topic::compacted)
                .map(topic -> topic.topicName(topicPrefix))
                .filter(topics::contains)
                .toList();
    }

    /**
     * The mirror to here begins at the first record that is the other site's own. One that goes there, when that site stands by
     * again, begins after what is here now: all of it has arrived, is sent, or counts no more.
     */
    private void setMirrors(PartitionEnds there, List<String> topics, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> positions = MirrorPositions.read(standby.kafka(), primary.name());
        Map<TopicPartition, Long> from = new HashMap<>();
        there.partitions(topics).forEach(partition -> from.put(partition, positions.getOrDefault(partition, 0L)));
        MirrorPositions.write(standby, primary.name(), there.firstRecords(from, standby.name()));
        MirrorPositions.write(primary, standby.name(), ends);
    }

    /** One that was lost with its disks has other offsets, by which nothing can be told. */
    private void requireAllThere(PartitionEnds kafka, Map<TopicPartition, Long> arrived) {
        Map<TopicPartition, Long> ends = kafka.stable(kafka.partitions(
                arrived.keySet().stream().map(TopicPartition::topic).distinct().toList()));
        arrived.forEach((partition, offset) -> {
            if (ends.getOrDefault(partition, 0L) < offset) {
                throw new CommandFailedException(partition + " of " + standby.name() + " ends at "
                        + ends.getOrDefault(partition, 0L) + ", and " + primary.name() + " had it up to " + offset
                        + ": the site has lost its topics. Set it up with empty topics under another name, which has"
                        + " everything copied to it");
            }
        });
    }

    /** The first record of its own that has not arrived: what was copied from the other site counts, wherever it lies. */
    private Map<TopicPartition, Long> cuts(PartitionEnds here, Map<TopicPartition, Long> arrived) {
        Map<TopicPartition, Long> from = new HashMap<>();
        here.partitions(SiteTopics.outputs(topicPrefix))
                .forEach(partition -> from.put(partition, arrived.getOrDefault(partition, 0L)));
        return here.firstRecords(from, primary.name());
    }

    private void say(RejoinPoint point) {
        point.sentAgain()
                .forEach((topic, records) -> output.progress("sent to " + primary.name() + ": " + records
                        + " records of " + topic + " that had not arrived there"));
        if (point.releases() > 0) {
            output.progress("NOT sent: " + point.releases() + " model releases that had not arrived on "
                    + primary.name() + ", since it may have decided otherwise. Publish them again if they are wanted:"
                    + " rebound model status --site " + primary.name());
        }
    }
}
