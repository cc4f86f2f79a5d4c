package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.savepoint.JobArchive;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.SavepointStore;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkCluster;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.UnknownOutcomeException;
import dev.rebound.deploy.site.topics.OpenTransactions;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Submits, finds and ends jobs of the site. */
public final class RecommendationJobs {
    static final String JOB_NAMES = "rebound-";
    private static final Patience PATIENCE = Patience.withFlink(Duration.ofMinutes(2), Duration.ofMillis(300));

    private final Site site;
    private final JobArchive archive;
    private final SavepointStore savepoints;

    public RecommendationJobs(Site site) {
        this.site = site;
        Path root = site.files().root();
        this.archive = new JobArchive(root);
        this.savepoints = new SavepointStore(root);
    }

    /**
     * Submits the job of the distribution and waits until all of its tasks run.
     *
     * @param mainClass null for the jar's own
     * @param savepoint to start from, null for an empty state
     * @param options of the job, by key
     * @return the job id
     */
    public String submit(@Nullable String mainClass, @Nullable String savepoint, Map<String, String> options) {
        return submit(new JobLaunch(site.jobJar(), mainClass, options, savepoint, false));
    }

    /** Submits a job and waits until all of its tasks run. Its jar is kept, and what it was submitted as. */
    public String submit(JobLaunch launch) {
        String jobId = start(launch);
        awaitRunning(jobId);
        requireCheckpoints(jobId);
        return jobId;
    }

    /** A job without them looks well, and never commits an output. */
    private void requireCheckpoints(String jobId) {
        if (rest().checkpointInterval(jobId).isEmpty()) {
            throw new CommandFailedException(
                    "Job " + jobId + " runs but takes no checkpoints, and so will never commit an output. Set"
                            + " execution.checkpointing.interval on the cluster, then end the job with: rebound"
                            + " job stop --without-savepoint " + jobId + ", and submit it again");
        }
    }

    /**
     * Submits a job and returns when the cluster has accepted it.
     *
     * @throws UnknownOutcomeException if it may have accepted it
     * @throws CommandFailedException if a job runs that it must not run beside
     */
    String start(JobLaunch launch) {
        new EpochClaims(site).requireWriting(launch.epoch());
        requireOwnTransactions(launch, null);
        KeptJar jar = archive.keep(launch.jar());
        String jobId = FlinkCluster.newJobId();
        JobOrigin origin = new JobOrigin(
                jobId,
                launch.jobName().orElse(""),
                jar,
                launch.mainClass(),
                launch.options(),
                launch.savepoint(),
                Instant.now());
        // Before it is submitted: whatever fails from now on, what may run is known.
        archive.record(origin);
        try {
            site.flink().submit(jobId, launch.jar(), launch.flinkOptions(), launch.jobArguments());
        } catch (UnknownOutcomeException e) {
            throw e;
        } catch (CommandFailedException e) {
            archive.forget(jobId);
            throw e;
        }
        if (launch.jobName().isEmpty()) {
            archive.record(origin.named(nameInFlink(jobId)));
        }
        return jobId;
    }

    private String nameInFlink(String jobId) {
        try {
            return PATIENCE.get(() -> rest().job(jobId).name());
        } catch (FlinkRestException e) {
            throw new UnknownOutcomeException(
                    "Flink has accepted job " + jobId + " and does not answer since: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a job whose transactional ids a running one has, whatever their topics: each would fence and abort the
     * other's transactions, and a rollback of one those of both.
     *
     * @param replaced the job that is ended first, null if none is
     */
    public void requireOwnTransactions(JobLaunch launch, @Nullable String replaced) {
        String jobName = launch.jobName().orElse("");
        String wanted = transactions(launch.options(), jobName);
        for (FlinkRest.Job other : running()) {
            if (!other.id().equals(replaced)
                    && other.name().equals(jobName)
                    && transactions(origin(other.id()).options(), jobName).equals(wanted)) {
                throw new CommandFailedException("Job " + other.id() + " runs with the transactional ids " + wanted
                        + "* too: the two would abort each other's outputs. Replace it with `rebound job submit"
                        + " --upgrade`, end it with `rebound job stop " + other.id() + "`, or give this one another --"
                        + JobOptions.SITE_NAME.key());
            }
        }
    }

    /** The beginning of all transactional ids of a job, of every generation. */
    static String transactions(Map<String, String> options, String jobName) {
        String site = options.getOrDefault(JobOptions.SITE_NAME.key(), JobOptions.SITE_NAME.defaultValue());
        return site + "." + jobName.replaceFirst("^" + JOB_NAMES, "") + ".";
    }

    /**
     * Ends what jobs that were lost with their cluster have left open: readers of committed records wait for it, until it times out.
     * None of them may run.
     *
     * @return the transactional ids
     */
    public List<String> abortTransactions() {
        return archive.origins().stream()
                .map(job -> transactions(job.options(), job.jobName()))
                .distinct()
                .flatMap(prefix -> OpenTransactions.abort(site.kafka(), prefix).stream())
                .toList();
    }

    private void awaitRunning(String jobId) {
        FlinkRest.JobDetails job =
                PATIENCE.get(() -> rest().job(jobId), details -> details.allRunning() || ended(details));
        if (!job.allRunning()) {
            String why = rest().latestFailure(jobId)
                    .map(trace -> trace.lines().findFirst().orElse(""))
                    .orElse("no failure is known");
            throw new CommandFailedException("Job " + jobId + " is " + job.state()
                    + " and not all of its tasks run after " + PATIENCE.limit().toSeconds() + " s: " + why
                    + ". Look into " + site.logs());
        }
    }

    /** Whether a job has ended; one that Flink has forgotten has. */
    boolean hasEnded(String jobId) {
        try {
            return ended(rest().job(jobId));
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return true;
            }
            throw e;
        }
    }

    private static boolean ended(FlinkRest.JobDetails job) {
        return List.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED").contains(job.state());
    }

    public List<FlinkRest.Job> all() {
        return rest().jobs();
    }

    /** Our jobs that have not ended, but for rehearsals. */
    public List<FlinkRest.Job> running() {
        return running(rest());
    }

    private static List<FlinkRest.Job> running(FlinkRest rest) {
        return rest.jobs().stream()
                .filter(job -> job.name().startsWith(JOB_NAMES)
                        && !job.name().equals(RecommendationJob.REHEARSAL_NAME)
                        && !job.ended())
                .toList();
    }

    /** The job of that id, or the only one of ours that has not ended. */
    public static String find(FlinkRest rest, @Nullable String jobId) {
        if (jobId != null) {
            return jobId;
        }
        List<FlinkRest.Job> jobs = running(rest);
        if (jobs.size() != 1) {
            throw new CommandFailedException(
                    jobs.isEmpty()
                            ? "No job whose name begins with " + JOB_NAMES + " runs on " + rest.address()
                                    + ". Start one with: rebound job submit"
                            : "Several jobs run: "
                                    + jobs.stream().map(FlinkRest.Job::id).toList() + ". Say which one with its id.");
        }
        return jobs.get(0).id();
    }

    /**
     * Stops a job with a canonical savepoint, which gets its manifest. Of one that has stopped, whose command was broken off,
     * it is the savepoint that the job stopped with.
     */
    public StoredSavepoint stop(String jobId) {
        JobOrigin job = origin(jobId);
        if (hasEnded(jobId)) {
            return stoppedWith(job)
                    .orElseThrow(() -> new CommandFailedException(
                            "Job " + jobId + " has ended, and not with a savepoint. See: rebound job savepoints"));
        }
        Instant now = Instant.now();
        String path;
        try {
            path = site.flink().stopWithSavepoint(jobId, savepointFolder());
        } catch (CommandFailedException e) {
            return endedMeanwhile(jobId).flatMap(ended -> stoppedWith(job)).orElseThrow(() -> e);
        }
        return savepoints.describe(path, job, now, true);
    }

    private Optional<String> endedMeanwhile(String jobId) {
        try {
            return hasEnded(jobId) ? Optional.of(jobId) : Optional.empty();
        } catch (FlinkRestException e) {
            throw new UnknownOutcomeException(
                    "Whether job " + jobId + " has stopped is unknown, since Flink does not answer: " + e.getMessage()
                            + ". Repeat the command when it does; or, with the job's id: rebound job stop " + jobId,
                    e);
        }
    }

    /** The newest savepoint of a job that has stopped with one: a job that goes on has a later state than any. */
    Optional<StoredSavepoint> stoppedWith(JobOrigin job) {
        return savepoints
                .newestOf(job.jobId())
                .filter(each -> finishedWithIt(job.jobId(), each))
                .map(each -> savepoints.describe(each.path().toString(), job, each.takenAt(), true));
    }

    private boolean finishedWithIt(String jobId, StoredSavepoint savepoint) {
        boolean says = savepoint
                .manifest()
                .filter(each -> Boolean.TRUE.equals(each.outputsCommitted()))
                .isPresent();
        try {
            return rest().job(jobId).state().equals("FINISHED");
        } catch (FlinkRestException e) {
            return e.isNotFound() && says;
        }
    }

    /** A savepoint by name or path. One whose manifest is damaged, or whose command was broken off before
     * it, gets it now. */
    public StoredSavepoint savepointOf(String id) {
        StoredSavepoint found = savepoints.find(id);
        return found.manifest().isPresent()
                        || !OpenedSavepoint.open(found.path()).isWhole()
                ? found
                : archive.origins().stream()
                        .filter(job -> SavepointStore.isOf(found.path(), job.jobId()))
                        .findFirst()
                        .map(job -> savepoints.describe(found.path().toString(), job, found.takenAt(), null))
                        .orElse(found);
    }

    /**
     * Makes a canonical savepoint, which gets its manifest; the job goes on. Waits until the outputs up to it are committed:
     * who goes back to it makes none of them again.
     *
     * @return says in its manifest whether they are
     */
    public StoredSavepoint savepoint(String jobId) {
        StoredSavepoint made = savepointAtOnce(jobId);
        long id = made.content().checkpointId();
        boolean committed = patienceWithCheckpoints(jobId)
                .until(() -> rest().checkpoints(jobId).committedUpTo(id));
        return committed ? savepoints.outputsCommitted(made) : made;
    }

    private Patience patienceWithCheckpoints(String jobId) {
        Duration some = rest().checkpointInterval(jobId).orElse(Duration.ZERO).multipliedBy(4);
        return Patience.withFlink(some.compareTo(PATIENCE.limit()) > 0 ? some : PATIENCE.limit(), PATIENCE.pause());
    }

    /** Makes a savepoint without waiting for outputs: to look at, not to go back to. */
    public StoredSavepoint savepointAtOnce(String jobId) {
        JobOrigin job = origin(jobId);
        Instant now = Instant.now();
        return savepoints.describe(site.flink().savepoint(jobId, savepointFolder()), job, now, null);
    }

    /** What a job was submitted as; without its jar if another than {@code rebound} submitted it. */
    JobOrigin origin(String jobId) {
        return archive.origin(jobId)
                .orElseGet(() -> new JobOrigin(
                        jobId, rest().job(jobId).name(), null, null, rest().jobParameters(jobId), null, Instant.EPOCH));
    }

    /** A generation of sinks that no job ever had. */
    public int nextSinkGeneration() {
        return archive.origins().stream()
                        .map(job -> job.options().get(JobOptions.SINK_GENERATION.key()))
                        .filter(Objects::nonNull)
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElse(0)
                // Each job raised it by one at most.
                + archive.damaged().size()
                + 1;
    }

    /** Savepoints that must not be deleted now, by id, and why. */
    public Map<String, String> savepointsInUse() {
        Map<String, String> inUse = new LinkedHashMap<>();
        List<StoredSavepoint> all = savepoints.list();
        for (FlinkRest.Job job : running()) {
            JobOrigin origin = origin(job.id());
            // NO_CLAIM: the first checkpoint copies what it needs; until then a restart reads the savepoint.
            if (origin.restoredFrom() != null
                    && rest().checkpoints(job.id()).counts().completed() == 0) {
                inUse.put(
                        new Path(origin.restoredFrom()).getName(),
                        "job " + job.id() + " began with it and has no checkpoint of its own yet");
            }
            spareTheWayBack(origin, all, inUse);
        }
        // Also while none of it runs: that is when it is gone back from.
        lastSubmitted().ifPresent(job -> spareTheWayBack(job, all, inUse));
        return inUse;
    }

    private static void spareTheWayBack(JobOrigin job, List<StoredSavepoint> all, Map<String, String> inUse) {
        new RollbackTarget(all)
                .of(job)
                .ifPresent(
                        each -> inUse.putIfAbsent(each.id(), "`rollback` of job " + job.jobId() + " goes back to it"));
    }

    /** The recommendation job that was submitted last, which may have ended. */
    Optional<JobOrigin> lastSubmitted() {
        return archive.origins().stream()
                .filter(each -> each.jobName().equals(RecommendationJob.JOB_NAME))
                .max(Comparator.comparing(JobOrigin::submittedAt));
    }

    /** Sums of the jars of running jobs and of all savepoints. */
    public Set<String> jarsInUse() {
        return Stream.concat(
                        running().stream().map(job -> origin(job.id())),
                        savepoints.list().stream()
                                .flatMap(each -> each.manifest().stream())
                                .map(SavepointManifest::job))
                .flatMap(job -> job.keptJar().stream())
                .map(KeptJar::sha256)
                .collect(Collectors.toSet());
    }

    public JobArchive archive() {
        return archive;
    }

    public SavepointStore savepoints() {
        return savepoints;
    }

    /** Ends a job without a savepoint and waits until it has ended. */
    public void cancel(String jobId) {
        rest().cancel(jobId);
        if (!PATIENCE.until(() -> ended(rest().job(jobId)))) {
            throw new CommandFailedException("Job " + jobId + " has not ended "
                    + PATIENCE.limit().toSeconds() + " s after its cancellation. Look into " + site.logs());
        }
    }

    public Optional<FlinkRest.Checkpoint> latestCheckpoint(String jobId) {
        return rest().checkpoints(jobId).latestCompleted();
    }

    private URI savepointFolder() {
        return savepoints.folder().toUri();
    }

    private FlinkRest rest() {
        return site.flink().rest();
    }
}
