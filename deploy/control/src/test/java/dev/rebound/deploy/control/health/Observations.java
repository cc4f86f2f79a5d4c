package dev.rebound.deploy.ops.health;

import java.time.Instant;
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
    private Reading<Observation.Hdfs> hdfs = Reading.of(new Observation.Hdfs(false, 1, 0, 1_000, 900));
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
        hdfs = Reading.of(new Observation.Hdfs(safeMode, live, dead, 1_000, remaining));
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
                sums);
        Reading<Observation.Flink> flink = flinkProblem == null
                ? Reading.of(new Observation.Flink(taskManagers, jobIsThere ? List.of(job) : List.of(), ended))
                : Reading.failed(flinkProblem);
        return new Observation(at, kafka, hdfs, write, jobManagers, flink, zooKeeper, host);
    }
}
