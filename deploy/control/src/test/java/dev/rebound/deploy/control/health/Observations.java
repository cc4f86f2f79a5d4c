package dev.rebound.deploy.control.health;

import dev.rebound.deploy.control.backup.BackupStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A healthy site, and what is to be wrong with it. */
final class Observations {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String JOB = "0123";
    static final String NAME = "rebound-recommendations";

    private Instant at = START;
    private Reading<Observation.Kafka> kafka = Reading.of(new Observation.Kafka(1, List.of()));
    private Reading<Observation.Hdfs> hdfs =
            Reading.of(new Observation.Hdfs(false, new Observation.DataNodes(1, 0), 1_000, 900));
    private Reading<Observation.Write> write =
            Reading.of(new Observation.Write("hdfs://site/checkpoints", null, false));
    private Reading<Observation.ZooKeeper> zooKeeper = Reading.of(new Observation.ZooKeeper(List.of(), 0));
    private Reading<Observation.JobManagers> jobManagers = Reading.of(new Observation.JobManagers(List.of(), 1));
    private int taskManagers = 2;
    private boolean jobIsThere = true;
    private Set<String> ended = Set.of();
    private String badTaskManager;
    private String checkpointFailure;
    private String failure;
    private String state = "RUNNING";
    private Instant startedAt = START.minusSeconds(3_600);
    private boolean allRunning = true;
    private String flinkProblem;
    private long failedCheckpoints;
    private Instant lastCheckpointAt = START;
    private final Map<String, Double> sums =
            new HashMap<>(Map.of(FlinkProbe.MODELS_SERVING, 2.0, FlinkProbe.USERS_SCORED, 100.0));
    private Reading<Observation.Host> host =
            Reading.of(new Observation.Host(0.5, 1_000, 500, List.of(new Observation.Disk("/var", 1_000, 500))));

    private long restarts;
    private final List<Instant> failedAt = new ArrayList<>();
    private Duration answerP99 = Duration.ofMillis(80);
    private Long watermarkMillis = START.toEpochMilli();
    private Reading<Observation.Backups> backups = Reading.notChecked("nobody has said where they are");
    private Reading<Observation.Transactions> transactions = Reading.of(new Observation.Transactions(0, null));
    private Reading<List<Observation.Readers>> readers =
            Reading.of(List.of(new Observation.Readers("rebound.recommendations", 0, Duration.ZERO)));

    static Observations aHealthySite() {
        return new Observations();
    }

    Observations at(int seconds) {
        at = START.plusSeconds(seconds);
        return this;
    }

    Observations checkpointedAt(int seconds) {
        lastCheckpointAt = START.plusSeconds(seconds);
        return this;
    }

    Observations withoutKafka() {
        kafka = Reading.failed("no answer within 10 s");
        return this;
    }

    Observations withOfflinePartition() {
        kafka = Reading.of(new Observation.Kafka(1, List.of("rebound.behaviour-events-3")));
        return this;
    }

    Observations withoutNameNode() {
        hdfs = Reading.failed("Connection refused");
        return this;
    }

    Observations withHdfs(boolean safeMode, int live, int dead, long remaining) {
        hdfs = Reading.of(new Observation.Hdfs(safeMode, new Observation.DataNodes(live, dead), 1_000, remaining));
        return this;
    }

    /** As a user sees it who may not ask for DataNodes. */
    Observations withUncountedDataNodes(long capacity) {
        hdfs = Reading.of(new Observation.Hdfs(false, null, capacity, capacity));
        return this;
    }

    Observations refusingFiles(String refusal, boolean quotaUsedUp) {
        write = Reading.of(new Observation.Write("hdfs://site/checkpoints", refusal, quotaUsedUp));
        return this;
    }

    Observations takingFilesForEver() {
        write = Reading.failed("no answer within 10 s");
        return this;
    }

    Observations withSilentZooKeepers(int silent, int servers) {
        zooKeeper = Reading.of(new Observation.ZooKeeper(Collections.nCopies(silent, "zookeeper:2181"), servers));
        return this;
    }

    Observations deniedByKafka() {
        restarting();
        failure = "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [a]";
        return this;
    }

    Observations withoutJob() {
        jobIsThere = false;
        return this;
    }

    Observations withJobEnded() {
        ended = Set.of(NAME);
        return withoutJob();
    }

    Observations withBadTaskManager(String id) {
        badTaskManager = id;
        return this;
    }

    Observations starting() {
        allRunning = false;
        startedAt = at;
        return this;
    }

    Observations failed() {
        state = "FAILED";
        allRunning = false;
        startedAt = at;
        return this;
    }

    Observations withSilentJobManagers(int silent, int count) {
        jobManagers = Reading.of(new Observation.JobManagers(Collections.nCopies(silent, "jobmanager:8081"), count));
        return this;
    }

    Observations withoutJobManager() {
        flinkProblem = "Flink does not answer";
        return this;
    }

    Observations withTaskManagers(int count) {
        taskManagers = count;
        return this;
    }

    Observations restarting() {
        allRunning = false;
        state = "RESTARTING";
        failure = "java.io.IOException: broken";
        return this;
    }

    Observations withFailedCheckpoint() {
        return withFailedCheckpoint("Failure to finalize checkpoint.");
    }

    Observations withFailedCheckpoint(String why) {
        failedCheckpoints = 1;
        checkpointFailure = why;
        return this;
    }

    Observations with(String metric, double sum) {
        sums.put(metric, sum);
        return this;
    }

    Observations restarted(long times) {
        restarts = times;
        return this;
    }

    Observations failedAt(int... seconds) {
        Arrays.stream(seconds).mapToObj(START::plusSeconds).forEach(failedAt::add);
        failure = "java.io.IOException: disk quota exceeded";
        return this;
    }

    Observations withWatermark(Long millis) {
        watermarkMillis = millis;
        return this;
    }

    Observations withWatermarkAt(int seconds) {
        return withWatermark(START.plusSeconds(seconds).toEpochMilli());
    }

    Observations answeringWithin(long millis) {
        answerP99 = Duration.ofMillis(millis);
        return this;
    }

    Observations withBackups(BackupStanding standing) {
        backups = Reading.of(new Observation.Backups("hdfs://other/backups", standing));
        return this;
    }

    Observations withVerifiedBackupOf(Duration age) {
        return withBackups(new BackupStanding(
                2, new BackupStanding.Proven("20251231-000000-000-aaaa", at.minus(age)), null, List.of()));
    }

    Observations withUnreadableBackups() {
        backups = Reading.failed("Connection refused");
        return this;
    }

    Observations withOpenTransaction(int seconds, int timeoutSeconds) {
        transactions = Reading.of(new Observation.Transactions(
                1,
                new Observation.Transaction(
                        "main.recommendation.recommendations.-0-1",
                        Duration.ofSeconds(seconds),
                        Duration.ofSeconds(timeoutSeconds),
                        List.of("rebound.recommendations-0"))));
        return this;
    }

    Observations withHiddenTransactions() {
        transactions = Reading.notChecked("This user may not see transactions");
        return this;
    }

    Observations withReadersHeldFor(int seconds) {
        readers =
                Reading.of(List.of(new Observation.Readers("rebound.recommendations", 7, Duration.ofSeconds(seconds))));
        return this;
    }

    Observations withHost(double load, long availableMemory, long usableDisk) {
        host = Reading.of(new Observation.Host(
                load, 1_000, availableMemory, List.of(new Observation.Disk("/var", 1_000, usableDisk))));
        return this;
    }

    Observation build() {
        Observation.Job job = new Observation.Job(
                JOB,
                NAME,
                state,
                allRunning,
                startedAt,
                failure,
                badTaskManager,
                checkpointFailure,
                failedCheckpoints,
                10,
                lastCheckpointAt,
                sums,
                restarts,
                failedAt,
                watermarkMillis,
                answerP99);
        Reading<Observation.Flink> flink = flinkProblem == null
                ? Reading.of(new Observation.Flink(taskManagers, jobIsThere ? List.of(job) : List.of(), ended))
                : Reading.failed(flinkProblem);
        return new Observation(
                at, kafka, hdfs, write, jobManagers, flink, zooKeeper, host, backups, transactions, readers);
    }
}
