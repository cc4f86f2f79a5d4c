package dev.rebound.deploy.lab.reconcile;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Ticker;
import dev.rebound.deploy.site.topics.GroupProgress;
import dev.rebound.jobs.JobOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads all topics of a prefix and reconciles them, waiting as long as the job catches up. Each further call reads on from
 * where the last one ended and compares all that was ever read.
 */
public final class TopicReconciler implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Of the stage that makes training examples. */
    private static final String WATERMARK = "feedback.currentInputWatermark";

    private final KafkaCluster kafka;
    private final String prefix;
    private final String groupId;
    private final FlinkRest flink;
    private final Duration patience;
    private final Progress output;
    private final @Nullable String pseudonymKeyFile;
    private final boolean dropsRepeats;
    private final JobCondition condition;
    private String jobId;
    private IsolationLevel outputIsolation = IsolationLevel.READ_COMMITTED;
    private @Nullable ReadTopics topics;
    private @Nullable GroupProgress group;

    /** For a job whose key of pseudonyms, if it has one, is where its own option says. */
    public TopicReconciler(
            KafkaCluster kafka,
            String prefix,
            String groupId,
            FlinkRest flink,
            String jobId,
            Duration patience,
            Progress output) {
        this(kafka, prefix, groupId, flink, jobId, patience, null, false, output);
    }

    /**
     * @param groupId the job's consumer group, whose offsets show what the sources have consumed
     * @param patience how long nothing may change before what is missing counts as lost
     * @param pseudonymKeyFile a copy of the job's key; null where it is at the same path here
     * @param dropsRepeats whether outputs that come again with the same id are dropped, as readers do after a rollback
     */
    public TopicReconciler(
            KafkaCluster kafka,
            String prefix,
            String groupId,
            FlinkRest flink,
            String jobId,
            Duration patience,
            @Nullable String pseudonymKeyFile,
            boolean dropsRepeats,
            Progress output) {
        this.pseudonymKeyFile = pseudonymKeyFile;
        this.dropsRepeats = dropsRepeats;
        this.kafka = kafka;
        this.prefix = prefix;
        this.groupId = groupId;
        this.flink = flink;
        this.jobId = jobId;
        this.patience = patience;
        this.output = output;
        this.condition = new JobCondition(flink, output);
    }

    /** @param findings what is wrong; empty if all is right */
    public record Verdict(ReconciliationResult result, List<String> findings) {
        public Verdict {
            findings = List.copyOf(findings);
        }
    }

    /** Has outputs read as those do who do not wait for the commit; before the first reconciliation. */
    public void readOutputs(IsolationLevel isolation) {
        outputIsolation = isolation;
    }

    /** From now on another job goes on with the state and the topics of the one before. */
    public void follow(String nextJobId) {
        jobId = nextJobId;
    }

    /**
     * The job now begins with an earlier state, so that what the one before it wrote since may come once more, with the same
     * ids; until the next reconciliation that finds all right. The job before must have ended.
     */
    public void beginReplay() {
        open().actual().beginReplay(System.currentTimeMillis());
    }

    public Verdict reconcile() {
        return reconcile(patience);
    }

    /**
     * @param patience how long nothing may change before what is missing counts as lost, this time
     * @throws CommandFailedException if the job has failed, or does not run when the patience ends: nothing can be told then
     */
    public Verdict reconcile(Duration patience) {
        long beganMillis = System.currentTimeMillis();
        condition.tell(jobId);
        ReadTopics all = open();
        all.expected().follow(terms());
        output.progress("reading the inputs of " + prefix + "*");
        Map<TopicPartition, Long> ends = all.readInputs();
        List<String> findings = new ArrayList<>();
        if (!awaitSources(ends, patience)) {
            condition.requireSteadySince(beganMillis, jobId);
            findings.add("the sources of job " + jobId + " have not consumed all input, and stand still for "
                    + patience.toSeconds() + " s");
        }
        Reconciliation.Report report = awaitOutputs(all, patience);
        if (!report.isRight()) {
            condition.requireSteadySince(beganMillis, jobId);
        }
        findings.addAll(report.findings());
        long failedCommits = Math.round(flink.metricSum(jobId, "failedCommittables"));
        if (failedCommits > 0) {
            findings.add(failedCommits + " commits to Kafka failed: what they held is lost to readers. Produce it again"
                    + " from a savepoint before: rebound job rollback --to ID");
        }
        if (!findings.isEmpty()) {
            new CheckpointStall(flink)
                    .find(jobId, System.currentTimeMillis())
                    .ifPresent(cause -> findings.add(0, cause));
        }
        ReconciliationResult result = ReconciliationResult.of(
                report,
                findings,
                flink.checkpoints(jobId).counts().completed(),
                secondsBetween(all.expected().firstSentMillis(), all.actual().lastProducedMillis()));
        if (findings.isEmpty()) {
            all.actual().endReplay();
        }
        return new Verdict(result, findings);
    }

    /** 0 where one of them never was, whose time is then at an end of all times. */
    private static double secondsBetween(long firstMillis, long lastMillis) {
        return lastMillis > firstMillis ? (lastMillis - firstMillis) / 1000.0 : 0;
    }

    private ReadTopics open() {
        if (topics == null) {
            Expectation expected = new Expectation(terms(), names());
            topics = new ReadTopics(kafka, prefix, outputIsolation, expected, new ObservedOutput(dropsRepeats));
            group = new GroupProgress(kafka, groupId);
        }
        return topics;
    }

    private JobOptions options() {
        return JobOptions.of(flink.jobParameters(jobId));
    }

    private JobTerms terms() {
        long startedMillis = flink.jobs().stream()
                .filter(job -> job.id().equals(jobId))
                .mapToLong(FlinkRest.Job::startTimeMillis)
                .findFirst()
                .orElse(0);
        return JobTerms.of(options(), startedMillis);
    }

    private UserNames names() {
        String ofJob = options().get(JobOptions.PSEUDONYM_KEY_FILE);
        if (ofJob == null || ofJob.isBlank()) {
            return UserNames.plain();
        }
        try {
            return UserNames.keyedBy(Path.of(pseudonymKeyFile == null ? ofJob : pseudonymKeyFile));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The job replaces user ids, so that reconciling needs its key: give a copy of its "
                            + JobOptions.PSEUDONYM_KEY_FILE.key() + " with --pseudonym-key-file. It can't be read: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        if (topics != null) {
            topics.close();
        }
        if (group != null) {
            group.close();
        }
    }

    private boolean awaitSources(Map<TopicPartition, Long> ends, Duration patience) {
        GroupProgress progress = Objects.requireNonNull(group);
        Ticker ticker = new Ticker(output);
        Stall stall = new Stall(patience);
        RetryPolicy<Long> untilNothingIsLeft = RetryPolicy.<Long>builder()
                .handleResultIf(left -> left > 0 && !stall.since(-left))
                .withDelay(PAUSE)
                .withMaxRetries(-1)
                .abortOn(Throwable.class)
                .build();
        long left = Failsafe.with(untilNothingIsLeft).get(() -> {
            condition.tell(jobId);
            long lag = progress.lag(ends);
            ticker.tick(() -> "the sources have " + lag + " records to consume, as of the last checkpoint");
            return lag;
        });
        return left == 0;
    }

    private PassedTime passedTime() {
        long now = System.currentTimeMillis();
        try {
            FlinkRest.Spread watermarks =
                    flink.metrics(flink.job(jobId), List.of(WATERMARK)).get(WATERMARK);
            return watermarks == null ? PassedTime.UNKNOWN : new PassedTime((long) watermarks.least(), now);
        } catch (FlinkRestException e) {
            return PassedTime.UNKNOWN;
        }
    }

    private Reconciliation.Report awaitOutputs(ReadTopics all, Duration patience) {
        Stall stall = new Stall(patience);
        RetryPolicy<Reconciliation.Report> untilRight = RetryPolicy.<Reconciliation.Report>builder()
                .handleResultIf(report -> !report.isRight() && !stall.since(report.progress()))
                .withDelay(PAUSE)
                .withMaxRetries(-1)
                .abortOn(Throwable.class)
                .build();
        PassedTime passed = passedTime();
        return Failsafe.with(untilRight).get(() -> {
            condition.tell(jobId);
            all.actual().passed(passed.orLess(passedTime()));
            output.progress("read " + all.readOutputs() + " output records");
            return Reconciliation.compare(all.expected(), all.actual());
        });
    }
}
