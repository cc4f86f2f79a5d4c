package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what of an observation is a symptom, and remembers since when. Counters are compared with those of the
 * observation before.
 */
final class SymptomFinder {
    /** For how long a counter that rose is told: a release is refused once, and nobody looks at that second. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Thresholds thresholds;
    /** How long a job that has not failed may take to start. */
    private static final Duration STARTS = Duration.ofMinutes(1);
    /** Dead letters among records; fewer are the daily noise of producers. */
    private static final double DEAD_LETTERS = 0.01;

    private static final int LEAST_DEAD_LETTERS = 20;

    /** What Flink says of checkpoints that a job was stopped over, or begins anew without. */
    private static final Set<String> BROKEN_OFF =
            Set.of("Checkpoint Coordinator is suspending.", "CheckpointCoordinator shutdown.");

    private final Map<String, Double> counters = new HashMap<>();
    private final Map<String, Instant> roseAt = new HashMap<>();
    private Findings last = Findings.none();
    private final Map<String, String> jobIdByName = new HashMap<>();
    private final boolean refusedBefore;
    private final JobCourse course;
    private int mostTaskManagers;

    /** @param before whether what scoring tasks refused, and restarts, before the first observation count */
    SymptomFinder(Thresholds thresholds, boolean before) {
        this.thresholds = thresholds;
        this.refusedBefore = before;
        this.course = new JobCourse(thresholds, before);
    }

    List<Symptom> find(Observation seen) {
        Findings findings = last.next(seen.at());
        host(seen, findings);
        kafka(seen, findings);
        hdfs(seen, findings);
        write(seen, findings);
        zooKeeper(seen, findings);
        jobManagers(seen, findings);
        flink(seen, findings);
        BackupSymptoms.find(seen.backups(), thresholds.limits().backupAge(), findings);
        TransactionSymptoms.find(seen, thresholds, findings);
        course.looked();
        last = findings;
        return findings.symptoms();
    }

    private void host(Observation seen, Findings findings) {
        seen.host().get().ifPresent(host -> {
            for (Observation.Disk disk : host.disks()) {
                double used = 1 - (double) disk.usableBytes() / disk.bytes();
                if (used > thresholds.diskUsed()) {
                    findings.add(Condition.HOST_DISK_FULL, disk.folder(), percent(used) + " of its disk is used");
                }
            }
            if (host.memoryBytes() > 0) {
                double used = 1 - (double) host.availableMemoryBytes() / host.memoryBytes();
                if (used > thresholds.memoryUsed()) {
                    findings.add(Condition.HOST_MEMORY_SHORT, "this machine", percent(used) + " of the memory is used");
                }
            }
            if (host.load() > thresholds.load()) {
                findings.add(
                        Condition.HOST_CPU_BUSY,
                        "this machine",
                        String.format(Locale.ROOT, "%.1f processes want each core", host.load()));
            }
        });
    }

    private static void kafka(Observation seen, Findings findings) {
        findings.addIf(seen.kafka().problem(), Condition.KAFKA_UNREACHABLE, "brokers");
        seen.kafka().get().ifPresent(kafka -> {
            if (!kafka.offlinePartitions().isEmpty()) {
                findings.add(
                        Condition.KAFKA_PARTITIONS_OFFLINE,
                        "brokers",
                        "without a leader: " + String.join(", ", kafka.offlinePartitions()));
            }
        });
    }

    private void hdfs(Observation seen, Findings findings) {
        findings.addIf(seen.hdfs().problem(), Condition.NAMENODE_UNREACHABLE, "namenode");
        seen.hdfs().get().ifPresent(hdfs -> {
            if (hdfs.safeMode()) {
                findings.add(Condition.HDFS_SAFE_MODE, "namenode", "the NameNode is in safe mode");
            }
            Observation.DataNodes dataNodes = hdfs.dataNodes();
            if (dataNodes == null) {
                // Without a DataNode there is no room.
                findings.addIf(
                        hdfs.capacityBytes() == 0 ? "none is left" : null, Condition.DATANODES_MISSING, "datanodes");
            } else if (dataNodes.dead() > 0 || dataNodes.live() == 0) {
                findings.add(
                        Condition.DATANODES_MISSING,
                        "datanodes",
                        dataNodes.dead() + " are gone, " + dataNodes.live() + " are left");
            }
            double used = hdfs.capacityBytes() == 0 ? 0 : 1 - (double) hdfs.remainingBytes() / hdfs.capacityBytes();
            if (used > thresholds.diskUsed()) {
                findings.add(Condition.HDFS_FULL, "hdfs", percent(used) + " of its room is used");
            }
        });
    }

    private static void write(Observation seen, Findings findings) {
        findings.addIf(seen.write().problem(), Condition.HDFS_WRITES_FAIL, "hdfs");
        seen.write().get().ifPresent(write -> {
            if (write.refusal() != null) {
                findings.add(
                        write.quotaUsedUp() ? Condition.HDFS_FULL : Condition.HDFS_WRITES_FAIL,
                        "hdfs",
                        write.folder() + " takes no file: " + write.refusal());
            }
        });
    }

    private static void zooKeeper(Observation seen, Findings findings) {
        findings.addIf(seen.zooKeeper().problem(), Condition.ZOOKEEPER_UNREACHABLE, "zookeeper");
        seen.zooKeeper()
                .get()
                .filter(zooKeeper -> !zooKeeper.hasQuorum())
                .ifPresent(zooKeeper -> findings.add(
                        Condition.ZOOKEEPER_UNREACHABLE,
                        "zookeeper",
                        "no answer from " + String.join(", ", zooKeeper.silent())));
    }

    /** Where none is left, that Flink does not answer says all. */
    private static void jobManagers(Observation seen, Findings findings) {
        seen.jobManagers()
                .get()
                .filter(Observation.JobManagers::anyAnswers)
                .ifPresent(jobManagers -> jobManagers
                        .silent()
                        .forEach(address -> findings.add(Condition.JOBMANAGER_MISSING, address, "no answer from it")));
    }

    private void flink(Observation seen, Findings findings) {
        findings.addIf(seen.flink().problem(), Condition.JOBMANAGER_UNREACHABLE, "jobmanager");
        seen.flink().get().ifPresent(flink -> {
            mostTaskManagers = Math.max(mostTaskManagers, flink.taskManagers());
            int wanted = thresholds.taskManagers() > 0 ? thresholds.taskManagers() : Math.max(1, mostTaskManagers);
            if (flink.taskManagers() < wanted) {
                findings.add(
                        Condition.TASKMANAGERS_MISSING,
                        "taskmanagers",
                        flink.taskManagers() + " of " + wanted + " are there");
            }
            flink.jobs().forEach(job -> job(job, findings));
            vanished(flink, findings);
        });
    }

    /** A JobManager that is lost without a standby takes its jobs with it, and its successor knows of none. */
    private void vanished(Observation.Flink flink, Findings findings) {
        flink.ended().forEach(jobIdByName::remove);
        Set<String> present = flink.jobs().stream().map(Observation.Job::name).collect(Collectors.toSet());
        flink.jobs().forEach(job -> jobIdByName.put(job.name(), job.id()));
        jobIdByName.forEach((name, id) -> {
            if (!present.contains(name)) {
                findings.add(
                        Condition.JOB_NOT_RUNNING,
                        id,
                        "the JobManager knows " + name + " no more; start it from its newest checkpoint");
            }
        });
    }

    private void job(Observation.Job job, Findings findings) {
        if (!job.allRunning() && !starts(job, findings.at())) {
            findings.add(
                    Condition.JOB_NOT_RUNNING,
                    job.id(),
                    "it is " + job.state() + (job.failure() == null ? "" : "; its last failure: " + job.failure()));
        }
        if (!job.allRunning() && job.failure() != null && job.failure().contains("AuthorizationException")) {
            findings.add(Condition.KAFKA_DENIES, job.id(), job.failure());
        }
        if (job.badTaskManager() != null) {
            findings.add(
                    Condition.TASKMANAGER_BAD,
                    job.badTaskManager(),
                    "the tasks of " + job.id() + " fail there again and again, last with " + job.failure());
        }
        if (job.checkpointFailure() != null && !BROKEN_OFF.contains(job.checkpointFailure())) {
            findings.add(
                    Condition.CHECKPOINTS_FAIL,
                    job.id(),
                    "the newest one: " + job.checkpointFailure() + "; " + job.failedCheckpoints() + " failed so far, "
                            + job.completedCheckpoints() + " completed");
        }
        Duration age = Duration.between(job.checkpointedSince(), findings.at());
        if (age.compareTo(thresholds.checkpointAge()) > 0) {
            findings.add(
                    Condition.CHECKPOINT_OLD, job.id(), "the newest complete one is " + age.toSeconds() + " s old");
        }
        metrics(job, findings);
        course.find(job, findings);
    }

    private static boolean starts(Observation.Job job, Instant now) {
        return job.failure() == null
                && job.startedAt().plus(STARTS).isAfter(now)
                && !job.state().equals("FAILED");
    }

    private void metrics(Observation.Job job, Findings findings) {
        // A committer's counter begins anew with its task, so any sample above 0 is one.
        if (job.sum(FlinkProbe.FAILED_COMMITS) > 0 || remembered(job, FlinkProbe.FAILED_COMMITS, findings.at())) {
            long failed = Math.round(job.sum(FlinkProbe.FAILED_COMMITS));
            if (failed > 0) {
                roseAt.put(key(job, FlinkProbe.FAILED_COMMITS), findings.at());
            }
            findings.add(
                    Condition.COMMITS_FAILED,
                    job.id(),
                    failed > 0
                            ? failed + " commits to Kafka failed for good"
                            : "commits to Kafka failed for good, before their task began anew");
        }
        double refused = job.sum(FlinkProbe.MODELS_REFUSED);
        if (refusedBefore) {
            counters.putIfAbsent(key(job, FlinkProbe.MODELS_REFUSED), 0.0);
        }
        if (rose(job, FlinkProbe.MODELS_REFUSED, refused, findings.at())) {
            findings.add(Condition.MODEL_REFUSED, job.id(), Math.round(refused) + " refusals by scoring tasks");
        }
        double unavailable = job.sum(FlinkProbe.MODELS_UNAVAILABLE);
        if (unavailable > 0) {
            findings.add(
                    Condition.MODEL_UNAVAILABLE,
                    job.id(),
                    Math.round(unavailable) + " times a scoring task can't open a version that is in force");
        }
        notServing(job, findings);
        if (rose(job, FlinkProbe.USERS_FALLBACK, job.sum(FlinkProbe.USERS_FALLBACK), findings.at())) {
            findings.add(
                    Condition.MODEL_FALLBACK,
                    job.id(),
                    Math.round(job.sum(FlinkProbe.USERS_FALLBACK)) + " users since its tasks started");
        }
        if (job.sum(FlinkProbe.OVERLOAD_STEP) > 0) {
            findings.add(Condition.OVERLOADED, job.id(), overload(job));
        }
        deadLetters(job, findings);
    }

    private void notServing(Observation.Job job, Findings findings) {
        double scored = job.sum(FlinkProbe.USERS_SCORED);
        if (!job.allRunning() || starts(job, findings.at()) || scored == 0) {
            return;
        }
        if (job.sum(FlinkProbe.MODELS_SERVING) == 0) {
            findings.add(Condition.MODEL_NOT_SERVING, job.id(), "no scoring task has a model");
        } else if (job.sum(FlinkProbe.USERS_FALLBACK) >= scored) {
            findings.add(
                    Condition.MODEL_NOT_SERVING,
                    job.id(),
                    "its model scored none of the " + Math.round(scored) + " users since its tasks started");
        }
    }

    private static String overload(Observation.Job job) {
        return "the steps of its scoring tasks add up to " + Math.round(job.sum(FlinkProbe.OVERLOAD_STEP)) + ", and "
                + Math.round(job.sum(FlinkProbe.RECORDS_WAITING)) + " records wait in Kafka";
    }

    private void deadLetters(Observation.Job job, Findings findings) {
        double dead = rise(job, FlinkProbe.DEAD_LETTERS, job.sum(FlinkProbe.DEAD_LETTERS));
        double applied = rise(job, FlinkProbe.EVENTS_APPLIED, job.sum(FlinkProbe.EVENTS_APPLIED));
        if (dead >= LEAST_DEAD_LETTERS && dead > DEAD_LETTERS * (dead + applied)) {
            roseAt.put(key(job, FlinkProbe.DEAD_LETTERS), findings.at());
        }
        if (remembered(job, FlinkProbe.DEAD_LETTERS, findings.at())) {
            findings.add(
                    Condition.DEAD_LETTERS_RISE,
                    job.id(),
                    Math.round(job.sum(FlinkProbe.DEAD_LETTERS))
                            + " records could not be read since its tasks started");
        }
    }

    /** Whether a counter rose now or lately. One that fell began anew, and one that is seen first did not rise. */
    private boolean rose(Observation.Job job, String counter, double value, Instant now) {
        if (rise(job, counter, value) > 0) {
            roseAt.put(key(job, counter), now);
        }
        return remembered(job, counter, now);
    }

    private double rise(Observation.Job job, String counter, double value) {
        double before = counters.getOrDefault(key(job, counter), value);
        counters.put(key(job, counter), value);
        return value < before ? value : value - before;
    }

    private static String key(Observation.Job job, String counter) {
        return job.id() + "/" + counter;
    }

    private boolean remembered(Observation.Job job, String counter, Instant now) {
        Instant at = roseAt.get(key(job, counter));
        return at != null && at.plus(REMEMBERED).isAfter(now);
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }
}
