package dev.rebound.deploy.ops.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        Reading<Host> host) {

    /** @param offlinePartitions of our topics, those without a leader */
    record Kafka(int brokers, List<String> offlinePartitions) {}

    /** @param deadDataNodes those that HDFS gave up, and those that have not reported for a while */
    record Hdfs(boolean safeMode, int liveDataNodes, int deadDataNodes, long capacityBytes, long remainingBytes) {}

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
            Map<String, Double> sums) {

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

    record Disk(String folder, long bytes, long usableBytes) {}
}
