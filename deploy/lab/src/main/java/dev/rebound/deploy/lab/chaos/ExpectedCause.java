package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.health.Condition;
import dev.rebound.deploy.site.CommandFailedException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the doctor has to name as the cause while a fault lasts: that, and nothing else. */
final class ExpectedCause {
    /** By the beginning of the fault's name; the first that fits. None where nothing is to be mended. */
    private static final List<Map.Entry<String, Set<Condition>>> BY_NAME = List.of(
            Map.entry("taskmanager-", Set.of(Condition.TASKMANAGERS_MISSING)),
            Map.entry("kafka-", Set.of(Condition.KAFKA_UNREACHABLE)),
            Map.entry("namenode-", Set.of(Condition.NAMENODE_UNREACHABLE)),
            Map.entry("datanode-", Set.of(Condition.DATANODES_MISSING)),
            Map.entry("jobmanager-", Set.of(Condition.JOBMANAGER_MISSING)),
            Map.entry("zookeeper-", Set.of(Condition.ZOOKEEPER_UNREACHABLE)),
            Map.entry("hdfs-outage", Set.of(Condition.NAMENODE_UNREACHABLE)),
            Map.entry("hdfs-read-only", Set.of(Condition.HDFS_SAFE_MODE)),
            Map.entry("hdfs-full", Set.of(Condition.HDFS_FULL)),
            Map.entry("network-kafka", Set.of(Condition.KAFKA_UNREACHABLE)),
            Map.entry("network-hdfs", Set.of(Condition.NAMENODE_UNREACHABLE)),
            Map.entry("network-jobmanager", Set.of(Condition.TASKMANAGERS_MISSING)),
            // Flink does not tell which connection is dead: a checkpoint that does not come is all there is to see.
            Map.entry("network-taskmanagers", Set.of(Condition.CHECKPOINT_OLD)),
            Map.entry("acl-revoked", Set.of(Condition.KAFKA_DENIES)),
            // What is lost shows when the tasks are back.
            Map.entry("transaction-timeout", Set.of(Condition.TASKMANAGERS_MISSING)),
            Map.entry("model-tampered", Set.of(Condition.MODEL_REFUSED)),
            Map.entry("input-poison", Set.of(Condition.DEAD_LETTERS_RISE)),
            Map.entry("input-", Set.of()),
            Map.entry("job-", Set.of()),
            Map.entry("older-checkpoint", Set.of()),
            Map.entry("damaged-checkpoint", Set.of()),
            Map.entry("orphaned-transactions", Set.of(Condition.TASKMANAGERS_MISSING)),
            Map.entry("partition-", Set.of()),
            Map.entry("option-wrong", Set.of()));

    private ExpectedCause() {}

    /** @return empty where the job is to go on as if nothing were */
    static Set<Condition> of(String fault) {
        EnumSet<Condition> causes = EnumSet.noneOf(Condition.class);
        Arrays.stream(fault.split(DoubleFault.AND, -1)).forEach(single -> causes.addAll(ofSingle(single)));
        return causes;
    }

    private static Set<Condition> ofSingle(String fault) {
        return BY_NAME.stream()
                .filter(row -> fault.startsWith(row.getKey()))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("Nobody has written down what the doctor must say of "
                        + fault + "; add it to " + ExpectedCause.class.getSimpleName()))
                .getValue();
    }
}
