package dev.rebound.deploy.control.health;

import dev.rebound.deploy.control.backup.BackupStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of everything at one moment, as numbers; what they mean is decided by {@link SymptomFinder}. */
record Observation(
        Instant at,
        Reading<Kafka> kafka,
        Reading<Hdfs> hdfs,
        Reading<Write> write,
        Reading<JobManagers> jobManagers,
        Reading<Flink> flink,
        Reading<ZooKeeper> zooKeeper,
        Reading<Host> host,
        Reading<Backups> backups,
        Reading<Transactions> transactions,
        Reading<List<Readers>> readers) {

    /** What was not looked at, and why; what lies at a component that does not answer is told by that. */
    List<String> notChecked() {
        List<String> reasons = new ArrayList<>();
        add(reasons, "backups", backups.notChecked());
        add(reasons, "open transactions", transactions.notChecked());
        if (kafka.problem() == null) {
            add(reasons, "open transactions", transactions.problem());
            add(reasons, "readers of committed records", readers.problem());
        }
        return reasons;
    }

    private static void add(List<String> reasons, String what, @Nullable String why) {
        if (why != null) {
            reasons.add(what + ": " + why);
        }
    }

    /** @param offlinePartitions of our topics, those without a leader */
    record Kafka(int brokers, List<String> offlinePartitions) {}

    /** @param dataNodes null where only HDFS' superuser may know them */
    record Hdfs(boolean safeMode, @Nullable DataNodes dataNodes, long capacityBytes, long remainingBytes) {}

    /** @param dead those that HDFS gave up, and those that have not reported for a while */
    record DataNodes(int live, int dead) {}

    /**
     * What became of a small file in the folder of the checkpoints.
     *
     * @param refusal why it could not be written; null if it could
     * @param quotaUsedUp whether that was for a quota
     */
    record Write(String folder, @Nullable String refusal, boolean quotaUsedUp) {}

    /** @param silent HOST:PORT of those that do not answer */
    record JobManagers(List<String> silent, int count) {
        /** Whether one could lead. */
        boolean anyAnswers() {
            return silent.size() < count;
        }
    }

    /**
     * @param jobs the newest of each name, unless it was cancelled or has finished
     * @param ended names of those that were cancelled or have finished
     */
    record Flink(int taskManagers, List<Job> jobs, Set<String> ended) {}

    /**
     * A job that is to run.
     *
     * @param failure of its last restart, the innermost cause
     * @param badTaskManager on which its tasks fail again and again
     * @param checkpointFailure of the newest checkpoint, if that failed
     * @param lastCheckpointAt when the newest complete checkpoint was triggered; null before the first
     * @param sums of metrics over all subtasks, by the names of {@link FlinkProbe}
     * @param restarts since its JobManager took it up
     * @param failedAt when it failed or began again lately, as far as Flink remembers
     * @param watermarkMillis event time of the stage that all events pass; Long.MIN_VALUE before the first, null where
     *     the job has none
     * @param answerP99 from request to answer by the slowest scoring task in the last minute; zero where nobody asked
     */
    record Job(
            String id,
            String name,
            String state,
            boolean allRunning,
            Instant startedAt,
            @Nullable String failure,
            @Nullable String badTaskManager,
            @Nullable String checkpointFailure,
            long failedCheckpoints,
            long completedCheckpoints,
            @Nullable Instant lastCheckpointAt,
            Map<String, Double> sums,
            long restarts,
            List<Instant> failedAt,
            @Nullable Long watermarkMillis,
            Duration answerP99) {

        /** How far event time is behind the clock; empty before the first watermark and after the last. */
        Optional<Duration> watermarkLag(Instant now) {
            return watermarkMillis == null || watermarkMillis == Long.MIN_VALUE || watermarkMillis == Long.MAX_VALUE
                    ? Optional.empty()
                    : Optional.of(Duration.between(Instant.ofEpochMilli(watermarkMillis), now));
        }

        /** When the newest complete checkpoint was triggered, or the job started. */
        Instant checkpointedSince() {
            return lastCheckpointAt == null ? startedAt : lastCheckpointAt;
        }

        double sum(String metric) {
            return sums.getOrDefault(metric, 0.0);
        }
    }

    /** @param silent servers that do not answer; of none, where JobManagers need no ZooKeeper */
    record ZooKeeper(List<String> silent, int servers) {
        /** Whether JobManagers can elect a leader. */
        boolean hasQuorum() {
            return servers == 0 || servers - silent.size() > servers / 2;
        }
    }

    /** @param load processes that want a core, a core; negative if unknown */
    record Host(double load, long memoryBytes, long availableMemoryBytes, List<Disk> disks) {}

    /** @param target where they are */
    record Backups(String target, BackupStanding standing) {}

    /** @param oldest by the part of its own timeout; null where none is open */
    record Transactions(int open, @Nullable Transaction oldest) {}

    /**
     * An open transaction.
     *
     * @param timeout that its job gave it
     * @param partitions that it writes to
     */
    record Transaction(String id, Duration age, Duration timeout, List<String> partitions) {
        double shareOfTimeout() {
            return (double) age.toMillis() / Math.max(1, timeout.toMillis());
        }
    }

    /**
     * What readers of committed records of a topic may not read yet.
     *
     * @param records behind the last stable offsets
     * @param held for how long one of these has stood
     */
    record Readers(String topic, long records, Duration held) {}

    record Disk(String folder, long bytes, long usableBytes) {}
}
