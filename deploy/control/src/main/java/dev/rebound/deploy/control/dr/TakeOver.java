package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.job.JobChange;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.fence.EpochFilter;
import dev.rebound.schemas.fence.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Has a standby go on where the primary's state, copied, and its topics, mirrored, leave off. Needs nothing of the primary,
 * which may be gone. Each step is written down when it is done, so that a command that is broken off can be repeated.
 *
 * <ol>
 *   <li>Claims the next epoch; of two at once one is refused.
 *   <li>Stops the mirror: from now on nothing of the primary arrives. What has arrived is the cut.
 *   <li>Chooses the newest copied checkpoint whose outputs have all arrived, see {@link TakeOverPoint}.
 *   <li>Translates the offsets of its sources, see {@link SourceStarts}.
 *   <li>Collects the ids of outputs that arrived and that the job will make again, see {@link WrittenIds}.
 *   <li>Tells readers of the cut: what the primary writes after it is refused, see {@link Fences}.
 *   <li>Starts the job with sources and sinks of a new generation, and waits until outputs are committed.
 * </ol>
 */
public final class TakeOver {
    /** How long what the mirror has in hand may take to arrive. */
    private static final Patience ARRIVING = Patience.of(Duration.ofSeconds(5), Duration.ofMillis(200));

    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(5), Duration.ofMillis(200));

    private final Site standby;
    private final StandbyMirror mirror;
    private final @Nullable PrimaryEnd primaryEnd;
    private final Progress output;
    private final EpochClaims claims;
    private final String topicPrefix;

    /** @param primaryEnd null where the primary is lost */
    public TakeOver(Site standby, StandbyMirror mirror, @Nullable PrimaryEnd primaryEnd, Progress output) {
        this.standby = standby;
        this.mirror = mirror;
        this.primaryEnd = primaryEnd;
        this.output = output;
        this.claims = new EpochClaims(standby);
        this.topicPrefix = standby.topics().prefix();
    }

    /**
     * Takes over.
     *
     * @throws CommandFailedException if another takes over, or nothing can be started from; repeat it then
     */
    public TakeOverReport run() {
        Optional<EpochClaims.Claim> begun = toBeDrained();
        EpochClaims.Claim claim = begun.isPresent() ? begun.get() : takeOver();
        TakeOverJournal journal = TakeOverJournal.open(claims.journal(claim.epoch()));
        if (primaryEnd != null) {
            drain(primaryEnd, journal);
        }
        return TakeOverReport.of(
                standby.name(),
                claim.epoch(),
                journal,
                PrimaryEnds.read(standby.files().root()),
                topicPrefix);
    }

    /** A planned take-over that is done but for the producers, which have to move. */
    private Optional<EpochClaims.Claim> toBeDrained() {
        if (primaryEnd == null) {
            return Optional.empty();
        }
        long later = Math.max(claims.elsewhere(), primaryEnd.epoch());
        return claims.lastFinished().filter(claim -> {
            TakeOverJournal.Content done =
                    TakeOverJournal.open(claims.journal(claim.epoch())).content();
            return claim.epoch() > later && mirror.source().equals(done.primary) && done.planned && !done.drained;
        });
    }

    private static void drain(PrimaryEnd end, TakeOverJournal journal) {
        journal.step("wait for the producers", done -> done.drained, found -> {
            found.arrived = PartitionOffset.listOf(end.drain());
            found.drained = true;
        });
    }

    private EpochClaims.Claim takeOver() {
        StandbyCatalog catalog = new StandbyCatalog(standby.files().root());
        long epochOfPrimary = epochOfPrimary(catalog);
        if (!claims.isUnderWay(epochOfPrimary)) {
            requireUsable(catalog);
        }
        requireStandingBy(epochOfPrimary);
        if (primaryEnd != null) {
            epochOfPrimary = Math.max(epochOfPrimary, primaryEnd.epoch());
            if (!claims.isUnderWay(epochOfPrimary)) {
                primaryEnd.requireReady();
            }
        }
        EpochClaims.Claim claim = claims.claim(epochOfPrimary, claimant());
        output.progress("epoch " + claim.epoch() + " is claimed for " + standby.name()
                + (claim.number() > 1 ? ", going on with a take-over that was broken off" : ""));
        try {
            takeOver(claim, catalog);
        } catch (RuntimeException e) {
            claims.giveUp(claim);
            throw e;
        }
        claims.finish(claim);
        standby.noteEpoch(claim.epoch());
        return claim;
    }

    private void takeOver(EpochClaims.Claim claim, StandbyCatalog catalog) {
        TakeOverJournal journal = TakeOverJournal.open(claims.journal(claim.epoch()));
        try (PartitionEnds kafka = new PartitionEnds(standby.kafka());
                JobChange change = JobChange.begin(standby, "dr failover")) {
            begin(journal);
            endRehearsals();
            if (primaryEnd == null) {
                stopMirror(journal, kafka);
            } else {
                endPrimary(primaryEnd, journal, kafka);
            }
            choose(journal, catalog, kafka);
            collectWritten(journal, claim, kafka);
            fence(journal, claim);
            start(journal, claim);
            awaitCommitted(journal);
            if (primaryEnd != null) {
                primaryEnd.tell(claim);
            }
        }
    }

    /** Before anything is claimed or stopped: without one nothing could be done, and the standby would stand by no more. */
    private void requireUsable(StandbyCatalog catalog) {
        boolean usable = ARRIVING.until(
                () -> TakeOverPoint.newest(catalog.usable(), mirror.positions()).isPresent());
        if (!usable) {
            throw new CommandFailedException(
                    standby.name() + " has no copy that a job could start from, and nothing was"
                            + " changed: of none are all outputs known to have arrived. See: rebound dr status");
        }
    }

    /** The copies are of before: a second job from them would do again, beside the first, all that was done since. */
    private void requireStandingBy(long epochOfPrimary) {
        long elsewhere = claims.elsewhere();
        if (elsewhere > epochOfPrimary) {
            throw new CommandFailedException("Another site has epoch " + elsewhere + ", and the copies on "
                    + standby.name() + " are of epoch " + epochOfPrimary
                    + ", before it. Have it stand by for that site first: rebound dr standby");
        }
        long own = claims.current();
        if (own > epochOfPrimary) {
            throw new CommandFailedException(standby.name() + " has taken over already, with epoch " + own
                    + ", and its copies are of epoch " + epochOfPrimary
                    + ". There is nothing to take over. Start its job"
                    + " again, if it has ended, from its own savepoints or checkpoints: rebound job submit"
                    + " --from-savepoint");
        }
    }

    private static String claimant() {
        return System.getProperty("user.name", "") + " on " + System.getenv().getOrDefault("HOSTNAME", "this machine");
    }

    private static long epochOfPrimary(StandbyCatalog catalog) {
        return catalog.points().stream().mapToLong(StandbyPoint::epoch).max().orElse(Site.FIRST_EPOCH);
    }

    private static long epoch(JobOrigin job) {
        return Long.parseLong(
                job.options().getOrDefault(JobOptions.SITE_EPOCH.key(), String.valueOf(Site.FIRST_EPOCH)));
    }

    /** Best soon, so that its slots are free when the job comes; all that comes before the job needs no Flink. */
    private void endRehearsals() {
        try {
            Rehearsal.end(standby);
        } catch (FlinkRestException e) {
            output.progress("a rehearsal that may run is not ended: " + e.getMessage());
        }
    }

    /** A primary that is lost while its job is moved is taken over from as any; the way back is not. */
    private void begin(TakeOverJournal journal) {
        TakeOverJournal.Content content = journal.content();
        if (primaryEnd != null && content.primary != null && !content.planned) {
            throw new CommandFailedException("A take-over by " + standby.name() + " after the loss of "
                    + content.primary + " was begun and is not done. Repeat that: rebound dr failover --site "
                    + standby.name());
        }
        if (primaryEnd == null && content.planned && content.jobId == null) {
            content.forgetMirror();
        }
        if (primaryEnd != null
                && content.jobId == null
                && content.endedJob != null
                && primaryEnd.runsOther(content.endedJob)) {
            output.progress("another job runs on " + mirror.source() + " since the last attempt: it is moved");
            content.forgetPrimary();
        }
        // One whose job runs already goes on as it was begun: its mirror still brings what producers send to the
        // primary.
        content.planned = primaryEnd != null || (content.planned && content.jobId != null);
        content.primary = mirror.source();
    }

    private void stopMirror(TakeOverJournal journal, PartitionEnds kafka) {
        journal.step("stop the mirror", done -> done.arrived != null, found -> {
            mirror.stop();
            found.cuts = cuts(kafka);
            found.arrived = PartitionOffset.listOf(mirror.positions());
        });
    }

    private List<PartitionOffset> cuts(PartitionEnds kafka) {
        return PartitionOffset.listOf(kafka.stable(kafka.partitions(SiteTopics.outputs(topicPrefix))));
    }

    /** The mirror goes on: what producers send to the primary meanwhile has to arrive too. */
    private void endPrimary(PrimaryEnd end, TakeOverJournal journal, PartitionEnds kafka) {
        journal.step("find the primary's job", done -> done.endedJob != null, found -> {
            found.endedJob = end.job();
            found.stoppedAt = Instant.now();
        });
        journal.step("stop it with a savepoint", done -> done.savepoint != null, found -> {
            found.savepoint = end.stop(known(found.endedJob));
        });
        journal.step("copy the savepoint", done -> done.point != null, found -> {
            found.point = end.copy(known(found.endedJob), known(found.savepoint), known(found.stoppedAt));
        });
        journal.step("wait for its outputs", done -> done.arrived != null, found -> {
            found.arrived = PartitionOffset.listOf(end.awaitOutputs(known(found.point)));
            found.cuts = cuts(kafka);
        });
    }

    private void choose(TakeOverJournal journal, StandbyCatalog catalog, PartitionEnds kafka) {
        journal.step("choose the copy to start from", done -> done.starts != null, found -> {
            Map<TopicPartition, Long> arrived = PartitionOffset.mapOf(known(found.arrived));
            StandbyPoint point = found.point != null && TakeOverPoint.hasArrived(found.point, arrived)
                    ? found.point
                    : TakeOverPoint.choose(
                            catalog.usable(),
                            arrived,
                            each -> OpenedSavepoint.open(each.path()).isWhole());
            output.progress("starting from " + point.folder() + " of " + point.triggeredAt());
            found.point = point;
            found.starts = CopiedJob.of(standby, point).starts(mirror, kafka);
        });
    }

    /** As readers will see it, when they are told of this take-over. */
    private EpochFilter filter(EpochClaims.Claim claim, List<PartitionOffset> cuts) {
        EpochFilter filter = EpochFilter.of(Fences.read(standby.kafka(), topicPrefix));
        filter.add(new Fence(claim.epoch(), PartitionOffset.mapOf(cuts)));
        return filter;
    }

    private void collectWritten(TakeOverJournal journal, EpochClaims.Claim claim, PartitionEnds kafka) {
        journal.step("collect what was written", done -> done.writtenBefore != null, found -> {
            Instant since = known(found.point).outputsSince();
            Set<Long> written = new WrittenIds(standby.kafka(), kafka, filter(claim, known(found.cuts)))
                    .find(SiteTopics.withIds(topicPrefix), since.toEpochMilli());
            WrittenIds.write(written, writtenBefore(journal));
            found.writtenBefore = (long) written.size();
        });
    }

    private static <T> T known(@Nullable T found) {
        return Objects.requireNonNull(found, "an earlier step found it");
    }

    private Path writtenBefore(TakeOverJournal journal) {
        return new Path(journal.file().getParent(), "written-before");
    }

    private void fence(TakeOverJournal journal, EpochClaims.Claim claim) {
        journal.step("tell readers of the cut", done -> done.fenced, found -> {
            Fences fences = new Fences(standby.kafka(), topicPrefix);
            fences.prepare(standby.topics());
            fences.tell(claim, known(found.cuts));
            found.fenced = true;
        });
    }

    private void start(TakeOverJournal journal, EpochClaims.Claim claim) {
        journal.step("start the job", done -> done.jobId != null, found -> {
            endRehearsals();
            RecommendationJobs jobs = new RecommendationJobs(standby);
            found.jobId = startedBefore(jobs, claim.epoch()).orElseGet(() -> submit(jobs, journal, claim.epoch()));
        });
    }

    /** Of an attempt that was broken off after it had submitted the job. */
    private static Optional<String> startedBefore(RecommendationJobs jobs, long epoch) {
        return jobs.running().stream()
                .map(FlinkRest.Job::id)
                .filter(id -> jobs.archive()
                        .origin(id)
                        .filter(job -> epoch(job) == epoch)
                        .isPresent())
                .findFirst();
    }

    private String submit(RecommendationJobs jobs, TakeOverJournal journal, long epoch) {
        TakeOverJournal.Content found = journal.content();
        return jobs.submit(CopiedJob.of(standby, known(found.point))
                .launch(
                        known(found.starts),
                        Map.of(
                                JobOptions.SITE_EPOCH.key(), String.valueOf(epoch),
                                JobOptions.SINK_GENERATION.key(), String.valueOf(jobs.nextSinkGeneration()),
                                JobOptions.WRITTEN_BEFORE.key(),
                                        writtenBefore(journal).toString())));
    }

    /** The first committed outputs; where nobody asks for any, the first checkpoint that completes. */
    private void awaitCommitted(TakeOverJournal journal) {
        journal.step("commit the first outputs", done -> done.committedAt != null, found -> {
            String jobId = known(found.jobId);
            checkpointNow(jobId);
            if (!PATIENCE.until(
                    () -> standby.flink().rest().checkpoints(jobId).counts().completed() > 0)) {
                throw new CommandFailedException("Job " + jobId + " runs on " + standby.name()
                        + " and has completed no checkpoint after "
                        + PATIENCE.limit().toSeconds() + " s, so that none of its outputs is committed. See: rebound"
                        + " doctor");
            }
            found.committedAt = Instant.now();
        });
    }

    /** Readers of committed records get nothing before the first, and the interval is long for who waits. */
    private void checkpointNow(String jobId) {
        try {
            standby.flink().rest().triggerCheckpoint(jobId);
        } catch (FlinkRestException e) {
            output.progress("waiting for the job's next checkpoint, since none can be made now: " + e.getMessage());
        }
    }
}
