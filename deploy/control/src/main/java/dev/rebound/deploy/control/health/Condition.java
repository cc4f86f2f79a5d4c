package dev.rebound.deploy.control.health;

import dev.rebound.schemas.AlertSeverity;
import java.util.EnumSet;
import java.util.Set;

/** Everything that the watch knows to be wrong, what it means, what to run, and what it brings about. */
public enum Condition {
    /** The loudest: it is told first and apart, whatever else is wrong. */
    COMMITS_FAILED(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "output is lost to readers: transactions could not be committed",
            "rebound reconcile"),
    HOST_DISK_FULL(
            Component.HOST,
            AlertSeverity.CRITICAL,
            "whatever writes there stops: Kafka, HDFS, local state",
            "du -xh --max-depth=2 <folder> | sort -h | tail"),
    HOST_MEMORY_SHORT(
            Component.HOST,
            AlertSeverity.CRITICAL,
            "the system is about to kill processes",
            "ps aux --sort=-rss | head"),
    HOST_CPU_BUSY(
            Component.HOST, AlertSeverity.WARNING, "everything here is slow, and heartbeats come late", "top -o %CPU"),
    KAFKA_UNREACHABLE(
            Component.KAFKA,
            AlertSeverity.CRITICAL,
            "nothing comes in or goes out; the job restarts until it is back, and an outage longer than the transaction"
                    + " timeout can lose output",
            "rebound stack up, or start the brokers"),
    KAFKA_PARTITIONS_OFFLINE(
            Component.KAFKA,
            AlertSeverity.CRITICAL,
            "the users of these partitions get nothing, and the job waits for them",
            "kafka-topics.sh --bootstrap-server <broker> --describe --unavailable-partitions"),
    KAFKA_DENIES(
            Component.KAFKA,
            AlertSeverity.CRITICAL,
            "the job restarts until it has the right that it lacks; nothing goes out",
            "kafka-acls.sh --bootstrap-server <broker> --list --topic <the topic that is named>"),
    NAMENODE_UNREACHABLE(
            Component.HDFS,
            AlertSeverity.CRITICAL,
            "no checkpoint, no exactly-once output, no new model; features and responses go on",
            "rebound stack up, or start the NameNode"),
    HDFS_SAFE_MODE(
            Component.HDFS,
            AlertSeverity.CRITICAL,
            "HDFS is read-only: no checkpoint, no exactly-once output",
            "hdfs dfsadmin -safemode get; hdfs dfsadmin -report"),
    DATANODES_MISSING(
            Component.HDFS,
            AlertSeverity.CRITICAL,
            "files may be unreadable, and without any DataNode nothing can be written",
            "rebound stack up, or start the DataNodes; hdfs dfsadmin -report"),
    HDFS_FULL(
            Component.HDFS,
            AlertSeverity.CRITICAL,
            "checkpoints fail as soon as nothing more fits",
            "hdfs dfs -du -h /; rebound backup prune"),
    HDFS_WRITES_FAIL(
            Component.HDFS,
            AlertSeverity.CRITICAL,
            "no checkpoint, no exactly-once output; features and responses go on",
            "hdfs dfsadmin -report; hdfs dfs -ls <folder of the checkpoints>"),
    ZOOKEEPER_UNREACHABLE(
            Component.ZOOKEEPER,
            AlertSeverity.CRITICAL,
            "no JobManager leads, and no job is watched over, until a majority of the servers is back",
            "rebound stack up, or start the ZooKeeper servers"),
    JOBMANAGER_UNREACHABLE(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "no job is watched over; without high availability they are gone",
            "rebound stack up, or start the JobManager; then rebound job list"),
    JOBMANAGER_MISSING(
            Component.FLINK,
            AlertSeverity.WARNING,
            "another one leads, or is about to; until this one is back, the loss of that one too ends all jobs",
            "rebound stack up, or start the JobManager"),
    TASKMANAGERS_MISSING(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "the job runs on what is left, or waits for slots",
            "rebound stack up, or start a TaskManager"),
    TASKMANAGER_BAD(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "whatever is put there fails, and the job with it",
            "stop that TaskManager and start another one; look at its log and its disk"),
    JOB_NOT_RUNNING(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "no recommendations; events wait in Kafka",
            "rebound job list; see the exceptions in Flink's web page"),
    CHECKPOINTS_FAIL(
            Component.FLINK,
            AlertSeverity.WARNING,
            "exactly-once output waits, and a restart repeats more work",
            "see the checkpoints in Flink's web page"),
    CHECKPOINT_OLD(
            Component.FLINK,
            AlertSeverity.CRITICAL,
            "exactly-once output has waited for so long, and a restart repeats all of it",
            "see the checkpoints in Flink's web page"),
    MODEL_REFUSED(
            Component.MODEL,
            AlertSeverity.WARNING,
            "the version before goes on scoring",
            "rebound model list; the alerts of the scoring tasks and their log say which file or score"),
    MODEL_UNAVAILABLE(
            Component.MODEL,
            AlertSeverity.CRITICAL,
            "a version that is in force can't be read now; it is tried again every few seconds, and what served goes on",
            "rebound site check; the alerts of the scoring tasks say which file and why"),
    MODEL_NOT_SERVING(
            Component.MODEL,
            AlertSeverity.CRITICAL,
            "scoring tasks order by retrieval alone",
            "rebound model list; rebound model publish <version that was good>"),
    MODEL_FALLBACK(
            Component.MODEL,
            AlertSeverity.WARNING,
            "users get the order of retrieval because no model scored them",
            "rebound model publish <version that was good>"),
    OVERLOADED(
            Component.FLINK,
            AlertSeverity.WARNING,
            "users wait, and get lists that less work went into; that ends by itself when more is done than asked for",
            "start TaskManagers, then submit with a greater --parallelism; overload_step and users_..._total say what is"
                    + " left out"),
    DEAD_LETTERS_RISE(
            Component.INPUT,
            AlertSeverity.WARNING,
            "these records count for nothing; the job goes on",
            "read the topic dead-letters: each says topic, offset and reason"),
    READERS_HELD_BACK(
            Component.KAFKA,
            AlertSeverity.CRITICAL,
            "whoever reads committed records of this topic gets none, though they are there",
            "rebound job list; if no job runs, submit it with the same site name, or kafka-transactions.sh abort"),
    TRANSACTION_OPEN_LONG(
            Component.KAFKA,
            AlertSeverity.WARNING,
            "readers wait for it; when its timeout is over the brokers drop what is in it, also what a completed"
                    + " checkpoint relies on",
            "rebound job list; if no job runs, submit it with the same site name, or kafka-transactions.sh abort"),
    RESTARTS_MANY(
            Component.FLINK,
            AlertSeverity.WARNING,
            "each restart repeats the work since the last checkpoint, and answers wait for it",
            "see the exceptions in Flink's web page, and docs/operations.md, The job keeps restarting"),
    ANSWERS_SLOW(
            Component.FLINK,
            AlertSeverity.WARNING,
            "pages wait for their lists, or go without",
            "look at overload_step and at what is busy in Flink's web page; start TaskManagers"),
    WATERMARK_STALLS(
            Component.INPUT,
            AlertSeverity.WARNING,
            "what waits for event time waits for ever: labels of training examples, ends of sessions",
            "see which source's watermark stands in Flink's web page: a partition whose records are all old, or whose"
                    + " clock is"),
    BACKUP_OLD(
            Component.BACKUP,
            AlertSeverity.WARNING,
            "what changed since is lost if the site is; what nobody has verified may not be restorable",
            "rebound backup create --incremental --target <target>; rebound backup verify --target <target>"),
    BACKUP_NOT_SOUND(
            Component.BACKUP,
            AlertSeverity.WARNING,
            "it can't be relied on, and later incremental ones share its files",
            "rebound backup create --full --target <target>; rebound backup verify --target <target>"),
    BACKUPS_UNREADABLE(
            Component.BACKUP,
            AlertSeverity.WARNING,
            "nobody knows whether there is a backup to restore",
            "rebound backup list --target <target>");

    private final Component component;
    private final AlertSeverity severity;
    private final String impact;
    private final String command;

    Condition(Component component, AlertSeverity severity, String impact, String command) {
        this.component = component;
        this.severity = severity;
        this.impact = impact;
        this.command = command;
    }

    public Component component() {
        return component;
    }

    public AlertSeverity severity() {
        return severity;
    }

    /** What it means to users and data. */
    public String impact() {
        return impact;
    }

    /** What to run next. */
    public String command() {
        return command;
    }

    /**
     * What this brings about directly. Commits fail by something that was wrong before, and are no symptom all the same:
     * nothing brings them about here, so that they are always told as a cause of their own.
     */
    Set<Condition> effects() {
        return switch (this) {
            case HOST_DISK_FULL ->
                EnumSet.of(
                        KAFKA_UNREACHABLE,
                        KAFKA_PARTITIONS_OFFLINE,
                        NAMENODE_UNREACHABLE,
                        HDFS_SAFE_MODE,
                        HDFS_FULL,
                        DATANODES_MISSING,
                        HDFS_WRITES_FAIL,
                        ZOOKEEPER_UNREACHABLE,
                        JOBMANAGER_MISSING,
                        JOBMANAGER_UNREACHABLE,
                        TASKMANAGERS_MISSING,
                        JOB_NOT_RUNNING);
            case HOST_MEMORY_SHORT ->
                EnumSet.of(
                        HOST_CPU_BUSY,
                        KAFKA_UNREACHABLE,
                        NAMENODE_UNREACHABLE,
                        DATANODES_MISSING,
                        ZOOKEEPER_UNREACHABLE,
                        JOBMANAGER_MISSING,
                        JOBMANAGER_UNREACHABLE,
                        TASKMANAGERS_MISSING);
            case HOST_CPU_BUSY ->
                EnumSet.of(OVERLOADED, CHECKPOINTS_FAIL, CHECKPOINT_OLD, WATERMARK_STALLS, ANSWERS_SLOW);
            case KAFKA_UNREACHABLE, KAFKA_PARTITIONS_OFFLINE, KAFKA_DENIES ->
                EnumSet.of(JOB_NOT_RUNNING, CHECKPOINTS_FAIL);
            // A NameNode that starts again knows no DataNode until they report.
            case NAMENODE_UNREACHABLE -> EnumSet.of(DATANODES_MISSING, MODEL_UNAVAILABLE, BACKUPS_UNREADABLE);
            case DATANODES_MISSING -> EnumSet.of(HDFS_SAFE_MODE, MODEL_UNAVAILABLE);
            case HDFS_FULL -> EnumSet.of(HDFS_SAFE_MODE);
            case HDFS_SAFE_MODE -> EnumSet.of(HDFS_WRITES_FAIL, MODEL_UNAVAILABLE);
            case HDFS_WRITES_FAIL -> EnumSet.of(JOB_NOT_RUNNING, CHECKPOINTS_FAIL);
            case ZOOKEEPER_UNREACHABLE -> EnumSet.of(JOBMANAGER_UNREACHABLE);
            case JOBMANAGER_MISSING -> EnumSet.of(JOBMANAGER_UNREACHABLE, TASKMANAGERS_MISSING, JOB_NOT_RUNNING);
            case JOBMANAGER_UNREACHABLE -> EnumSet.of(TASKMANAGERS_MISSING, JOB_NOT_RUNNING);
            case TASKMANAGERS_MISSING, TASKMANAGER_BAD ->
                EnumSet.of(JOB_NOT_RUNNING, CHECKPOINTS_FAIL, MODEL_NOT_SERVING);
            case JOB_NOT_RUNNING ->
                EnumSet.of(
                        OVERLOADED,
                        CHECKPOINTS_FAIL,
                        CHECKPOINT_OLD,
                        MODEL_NOT_SERVING,
                        RESTARTS_MANY,
                        ANSWERS_SLOW,
                        READERS_HELD_BACK,
                        TRANSACTION_OPEN_LONG);
            case OVERLOADED -> EnumSet.of(CHECKPOINTS_FAIL, CHECKPOINT_OLD, WATERMARK_STALLS, ANSWERS_SLOW);
            case CHECKPOINTS_FAIL -> EnumSet.of(CHECKPOINT_OLD);
            // Requests wait while the job begins again.
            case RESTARTS_MANY -> EnumSet.of(ANSWERS_SLOW);
            // Transactions are committed with a checkpoint.
            case CHECKPOINT_OLD -> EnumSet.of(READERS_HELD_BACK, TRANSACTION_OPEN_LONG);
            case READERS_HELD_BACK -> EnumSet.of(TRANSACTION_OPEN_LONG);
            case MODEL_REFUSED, MODEL_UNAVAILABLE -> EnumSet.of(MODEL_NOT_SERVING);
            case MODEL_NOT_SERVING -> EnumSet.of(MODEL_FALLBACK);
            case COMMITS_FAILED,
                    MODEL_FALLBACK,
                    DEAD_LETTERS_RISE,
                    TRANSACTION_OPEN_LONG,
                    ANSWERS_SLOW,
                    WATERMARK_STALLS,
                    BACKUP_OLD,
                    BACKUP_NOT_SOUND,
                    BACKUPS_UNREADABLE -> EnumSet.noneOf(Condition.class);
        };
    }
}
