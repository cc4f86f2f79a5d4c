package dev.rebound.deploy.ops.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of an observation is a symptom, and remembers since when. Counters are compared with those of the
 * observation before; in the first one, whatever a job has counted since its start counts.
 */
final class SymptomFinder {
    /** For how long a counter that rose is told: a release is refused once, and nobody looks at that second. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Thresholds thresholds;
    private final Map<String, Double> counters = new HashMap<>();
    private final Map<String, Instant> roseAt = new HashMap<>();
    private Map<String, Instant> since = new HashMap<>();
    private int mostTaskManagers;

    SymptomFinder(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    List<Symptom> find(Observation seen) {
        Findings findings = new Findings(seen.at());
        host(seen, findings);
        kafka(seen, findings);
        hdfs(seen, findings);
        flink(seen, findings);
        since = findings.since;
        return findings.symptoms;
    }

    private final class Findings {
        private final Instant at;
        private final List<Symptom> symptoms = new ArrayList<>();
        private final Map<String, Instant> since = new HashMap<>();

        Findings(Instant at) {
            this.at = at;
        }

        void add(Condition condition, String subject, String detail) {
            String key = condition + "/" + subject;
            Instant first = SymptomFinder.this.since.getOrDefault(key, at);
            since.put(key, first);
            symptoms.add(new Symptom(condition, subject, detail, first));
        }

        void addIf(@Nullable String problem, Condition condition, String subject) {
            if (problem != null) {
                add(condition, subject, problem);
            }
        }
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
            if (hdfs.deadDataNodes() > 0 || hdfs.liveDataNodes() == 0) {
                findings.add(
                        Condition.DATANODES_MISSING,
                        "datanodes",
                        hdfs.deadDataNodes() + " are gone, " + hdfs.liveDataNodes() + " are left");
            }
            double used = hdfs.capacityBytes() == 0 ? 0 : 1 - (double) hdfs.remainingBytes() / hdfs.capacityBytes();
            if (used > thresholds.diskUsed()) {
                findings.add(Condition.HDFS_FULL, "hdfs", percent(used) + " of its room is used");
            }
        });
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
        });
    }

    private void job(Observation.Job job, Findings findings) {
        if (!job.allRunning()) {
            findings.add(
                    Condition.JOB_NOT_RUNNING,
                    job.id(),
                    "it is " + job.state() + (job.failure() == null ? "" : "; its last failure: " + job.failure()));
        }
        if (rose(job, "checkpoints failed", (double) job.failedCheckpoints(), findings.at)) {
            findings.add(
                    Condition.CHECKPOINTS_FAIL,
                    job.id(),
                    job.failedCheckpoints() + " failed, " + job.completedCheckpoints() + " completed");
        }
        Duration age = Duration.between(job.checkpointedSince(), findings.at);
        if (age.compareTo(thresholds.checkpointAge()) > 0) {
            findings.add(
                    Condition.CHECKPOINT_OLD, job.id(), "the newest complete one is " + age.toSeconds() + " s old");
        }
        metrics(job, findings);
    }

    private void metrics(Observation.Job job, Findings findings) {
        // A committer's counter begins anew with its task, so any sample above 0 is one.
        if (job.sum(FlinkProbe.FAILED_COMMITS) > 0 || remembered(job, FlinkProbe.FAILED_COMMITS, findings.at)) {
            long failed = Math.round(job.sum(FlinkProbe.FAILED_COMMITS));
            rose(job, FlinkProbe.FAILED_COMMITS, (double) failed, findings.at);
            findings.add(
                    Condition.COMMITS_FAILED,
                    job.id(),
                    failed > 0
                            ? failed + " commits to Kafka failed for good"
                            : "commits to Kafka failed for good, before their task began anew");
        }
        if (rose(job, FlinkProbe.MODELS_REFUSED, job.sum(FlinkProbe.MODELS_REFUSED), findings.at)) {
            findings.add(
                    Condition.MODEL_REFUSED,
                    job.id(),
                    Math.round(job.sum(FlinkProbe.MODELS_REFUSED)) + " refusals by scoring tasks");
        }
        boolean scores = job.sum(FlinkProbe.USERS_SCORED) > 0;
        if (job.allRunning() && scores && job.sum(FlinkProbe.MODELS_SERVING) == 0) {
            findings.add(Condition.MODEL_NOT_SERVING, job.id(), "no scoring task has a model");
        }
        if (rose(job, FlinkProbe.USERS_FALLBACK, job.sum(FlinkProbe.USERS_FALLBACK), findings.at)) {
            findings.add(
                    Condition.MODEL_FALLBACK,
                    job.id(),
                    Math.round(job.sum(FlinkProbe.USERS_FALLBACK)) + " users since its tasks started");
        }
    }

    /** Whether a counter rose now or lately. One that fell began anew. */
    private boolean rose(Observation.Job job, String counter, double value, Instant now) {
        String key = job.id() + "/" + counter;
        Double before = counters.put(key, value);
        double rise = before == null || value < before ? value : value - before;
        if (rise > 0) {
            roseAt.put(key, now);
        }
        return remembered(job, counter, now);
    }

    private boolean remembered(Observation.Job job, String counter, Instant now) {
        Instant at = roseAt.get(job.id() + "/" + counter);
        return at != null && at.plus(REMEMBERED).isAfter(now);
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }
}
