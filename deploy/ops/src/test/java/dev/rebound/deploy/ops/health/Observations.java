package dev.rebound.deploy.ops.health;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A healthy site, and what is to be wrong with it. */
final class Observations {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String JOB = "0123";

    private Instant at = START;
    private Reading<Observation.Kafka> kafka = Reading.of(new Observation.Kafka(1, List.of()));
    private Reading<Observation.Hdfs> hdfs = Reading.of(new Observation.Hdfs(false, 1, 0, 1_000, 900));
    private int taskManagers = 2;
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
        return this;
    }

    Observations withFailedCheckpoints(long count) {
        failedCheckpoints = count;
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
                allRunning ? "RUNNING" : "RESTARTING",
                allRunning,
                START,
                allRunning ? null : "java.io.IOException: broken",
                failedCheckpoints,
                10,
                lastCheckpointAt,
                sums);
        Reading<Observation.Flink> flink = flinkProblem == null
                ? Reading.of(new Observation.Flink(taskManagers, List.of(job)))
                : Reading.failed(flinkProblem);
        return new Observation(at, kafka, hdfs, flink, host);
    }
}
