package dev.rebound.deploy.ops.reconcile;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.console.Ticker;
import dev.rebound.deploy.ops.topics.GroupProgress;
import dev.rebound.deploy.ops.topics.TopicReader;
import dev.rebound.jobs.JobOptions;
import dev.rebound.operators.ingest.Pseudonyms;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads all topics of a prefix and reconciles them, waiting as long as the job catches up. Each further call reads on from
 * where the last one ended and compares all that was ever read.
 */
public final class TopicReconciler implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String bootstrapServers;
    private final String prefix;
    private final String groupId;
    private final FlinkRest flink;
    private final Duration patience;
    private final Progress output;
    private final @Nullable String pseudonymKeyFile;
    private final boolean dropsRepeats;
    private String jobId;
    private IsolationLevel outputIsolation = IsolationLevel.READ_COMMITTED;
    private @Nullable Reading reading;

    /** For a job whose key of pseudonyms, if it has one, is where its own option says. */
    public TopicReconciler(
            String bootstrapServers,
            String prefix,
            String groupId,
            FlinkRest flink,
            String jobId,
            Duration patience,
            Progress output) {
        this(bootstrapServers, prefix, groupId, flink, jobId, patience, null, false, output);
    }

    /**
     * @param groupId the job's consumer group, whose offsets show what the sources have consumed
     * @param patience how long nothing may change before what is missing counts as lost
     * @param pseudonymKeyFile a copy of the job's key; null where it is at the same path here
     * @param dropsRepeats whether outputs that come again with the same id are dropped, as readers do after a rollback
     */
    public TopicReconciler(
            String bootstrapServers,
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
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix;
        this.groupId = groupId;
        this.flink = flink;
        this.jobId = jobId;
        this.patience = patience;
        this.output = output;
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

    /** What was read so far, and the readers that read on. */
    private record Reading(
            Expectation expected,
            Outcome actual,
            TopicReader inputs,
            TopicReader catalog,
            TopicReader outputs,
            GroupProgress group) {}

    public Verdict reconcile() {
        return reconcile(patience);
    }

    /** @param patience how long nothing may change before what is missing counts as lost, this time */
    public Verdict reconcile(Duration patience) {
        Reading all = open();
        Map<TopicPartition, Long> ends = readInputs(all);
        List<String> findings = new ArrayList<>();
        if (!awaitSources(all, ends, patience)) {
            findings.add("the sources of job " + jobId + " have not consumed all input, and stand still for "
                    + patience.toSeconds() + " s");
        }
        Reconciliation.Report report = awaitOutputs(all, patience);
        findings.addAll(report.findings());
        long failedCommits = Math.round(flink.metricSum(jobId, "failedCommittables"));
        if (failedCommits > 0) {
            findings.add(failedCommits + " commits to Kafka failed: what they held is lost to readers. Produce it again"
                    + " from a savepoint before: rebound job rollback --to ID");
        }
        ReconciliationResult result = ReconciliationResult.of(
                report,
                flink.checkpoints(jobId).counts().completed(),
                Math.max(0, all.actual().lastProducedMillis() - all.expected().firstSentMillis()) / 1000.0);
        if (findings.isEmpty()) {
            all.actual().endReplay();
        }
        return new Verdict(result, findings);
    }

    private Reading open() {
        if (reading == null) {
            reading = begin();
        }
        return reading;
    }

    private Reading begin() {
        JobOptions options = JobOptions.of(flink.jobParameters(jobId));
        return new Reading(
                new Expectation(options.get(JobOptions.MIN_INTERVAL), pseudonyms(options)),
                new Outcome(dropsRepeats),
                reader(IsolationLevel.READ_COMMITTED, Topic.BEHAVIOUR_EVENTS, Topic.RECOMMENDATION_REQUESTS),
                reader(IsolationLevel.READ_COMMITTED, Topic.CATALOG_UPDATES),
                reader(
                        outputIsolation,
                        Topic.USER_PROFILES,
                        Topic.RECOMMENDATIONS,
                        Topic.RECOMMENDATION_RESPONSES,
                        Topic.TRAINING_EXAMPLES,
                        Topic.DEAD_LETTERS),
                new GroupProgress(bootstrapServers, groupId));
    }

    private TopicReader reader(IsolationLevel isolation, Topic... topics) {
        return new TopicReader(
                bootstrapServers, Stream.of(topics).map(this::topic).toList(), isolation);
    }

    @Override
    public void close() {
        if (reading != null) {
            reading.inputs().close();
            reading.catalog().close();
            reading.outputs().close();
            reading.group().close();
        }
    }

    private Pseudonyms pseudonyms(JobOptions options) {
        Pseudonyms job = options.pseudonyms();
        Pseudonyms pseudonyms = job.isOn() && pseudonymKeyFile != null ? Pseudonyms.keyedBy(pseudonymKeyFile) : job;
        try {
            pseudonyms.open();
        } catch (IllegalStateException e) {
            throw new CommandFailedException(
                    "The job replaces user ids, so that reconciling needs its key: give a copy of its "
                            + JobOptions.PSEUDONYM_KEY_FILE.key() + " with --pseudonym-key-file. " + e.getMessage(),
                    e);
        }
        return pseudonyms;
    }

    private String topic(Topic topic) {
        return topic.topicName(prefix);
    }

    private Map<TopicPartition, Long> readInputs(Reading all) {
        String events = topic(Topic.BEHAVIOUR_EVENTS);
        output.progress("reading the inputs of " + prefix + "*");
        Map<TopicPartition, Long> ends = all.inputs().ends();
        all.inputs().readTo(ends, record -> {
            if (record.topic().equals(events)) {
                all.expected().event(record);
            } else {
                all.expected().request(record);
            }
        });
        // After the inputs: nothing can be recommended that is not in here.
        all.catalog().readToEnd(all.expected()::catalog);
        return ends;
    }

    private boolean awaitSources(Reading all, Map<TopicPartition, Long> ends, Duration patience) {
        Ticker ticker = new Ticker(output);
        Stall stall = new Stall(patience);
        RetryPolicy<Long> untilNothingIsLeft = RetryPolicy.<Long>builder()
                .handleResultIf(left -> left > 0 && !stall.since(-left))
                .withDelay(PAUSE)
                .withMaxRetries(-1)
                .abortOn(Throwable.class)
                .build();
        long left = Failsafe.with(untilNothingIsLeft).get(() -> {
            long lag = all.group().lag(ends);
            ticker.tick(() -> "the sources have " + lag + " records to consume, as of the last checkpoint");
            return lag;
        });
        return left == 0;
    }

    private Reconciliation.Report awaitOutputs(Reading all, Duration patience) {
        Stall stall = new Stall(patience);
        RetryPolicy<Reconciliation.Report> untilRight = RetryPolicy.<Reconciliation.Report>builder()
                .handleResultIf(report -> !report.isRight() && !stall.since(report.progress()))
                .withDelay(PAUSE)
                .withMaxRetries(-1)
                .abortOn(Throwable.class)
                .build();
        return Failsafe.with(untilRight).get(() -> {
            long read = all.outputs().readToEnd(record -> take(record, all.actual()));
            output.progress("read " + read + " output records");
            return Reconciliation.compare(all.expected(), all.actual());
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Outcome actual) {
        if (record.topic().equals(topic(Topic.USER_PROFILES))) {
            actual.profile(record);
        } else if (record.topic().equals(topic(Topic.RECOMMENDATIONS))) {
            actual.recommendation(record);
        } else if (record.topic().equals(topic(Topic.RECOMMENDATION_RESPONSES))) {
            actual.response(record);
        } else if (record.topic().equals(topic(Topic.TRAINING_EXAMPLES))) {
            actual.example(record);
        } else {
            actual.deadLetter(record);
        }
    }
}
