package dev.rebound.deploy.ops.health;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** What a round saw and decided, for Prometheus. */
final class HealthMetrics {
    private final Gauge up;
    private final Gauge rootCause;
    private final Gauge lastRound;
    private final Gauge taskManagers;
    private final Gauge jobRunning;
    private final Gauge checkpointAge;
    private final Gauge failedCheckpoints;
    private final Gauge failedCommits;
    private final Gauge modelsServing;
    private final Gauge recordsWaiting;
    private final Gauge deadLetters;
    private final Gauge usersFallback;
    private final Gauge overloadStep;
    private final Gauge modelsRefused;
    private final Gauge dataNodes;
    private final Gauge safeMode;
    private final Gauge hdfsFree;
    private final Gauge memoryFree;
    private final Gauge diskFree;
    private final Gauge load;

    HealthMetrics(PrometheusRegistry registry) {
        up = gauge(registry, "rebound_component_up", "1 if the component answers.", "component");
        rootCause = gauge(
                registry,
                "rebound_health_root_cause",
                "1 for each cause that is not the effect of another; gone when it is over.",
                "component",
                "condition",
                "subject",
                "severity");
        lastRound = gauge(registry, "rebound_health_last_round_timestamp_seconds", "When all was looked at last.");
        taskManagers = gauge(registry, "rebound_task_managers", "TaskManagers that are registered.");
        jobRunning = gauge(registry, "rebound_job_running", "1 if all tasks of the job run.", "job");
        checkpointAge = gauge(
                registry,
                "rebound_checkpoint_age_seconds",
                "Since the newest complete checkpoint, or the start.",
                "job");
        failedCheckpoints = gauge(registry, "rebound_checkpoints_failed", "Checkpoints that failed.", "job");
        failedCommits =
                gauge(registry, "rebound_failed_committables", "Commits that failed for good: lost output.", "job");
        modelsServing = gauge(registry, "rebound_models_serving", "Scoring tasks with a model.", "job");
        recordsWaiting = gauge(registry, "rebound_records_waiting", "Records in Kafka that are not yet read.", "job");
        deadLetters = gauge(registry, "rebound_dead_letters", "Records that could not be read.", "job");
        usersFallback = gauge(registry, "rebound_users_fallback", "Users that no model scored.", "job");
        overloadStep = gauge(
                registry,
                "rebound_overload_step",
                "What scoring tasks leave out, 0 for nothing to 4 each, summed over them.",
                "job");
        modelsRefused = gauge(registry, "rebound_models_refused", "Releases that scoring tasks refused.", "job");
        dataNodes = gauge(registry, "rebound_hdfs_datanodes", "DataNodes by state: live or dead.", "state");
        safeMode = gauge(registry, "rebound_hdfs_safe_mode", "1 if the NameNode is in safe mode.");
        hdfsFree = gauge(registry, "rebound_hdfs_free_ratio", "Part of HDFS that is free.");
        memoryFree = gauge(registry, "rebound_host_memory_available_ratio", "Part of the memory that is available.");
        diskFree = gauge(registry, "rebound_host_disk_free_ratio", "Part of the disk that is free.", "folder");
        load = gauge(registry, "rebound_host_load_per_core", "Processes that want a core, a core.");
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    void record(Diagnostician.Round round) {
        Observation seen = round.seen();
        lastRound.set(seen.at().toEpochMilli() / 1000.0);
        up(Component.KAFKA, seen.kafka());
        up(Component.HDFS, seen.hdfs());
        up(Component.FLINK, seen.flink());
        rootCause.clear();
        for (Diagnosis diagnosis : round.diagnoses()) {
            Condition condition = diagnosis.root().condition();
            rootCause
                    .labelValues(
                            condition.component().label(),
                            condition.name(),
                            diagnosis.root().subject(),
                            condition.severity().name())
                    .set(1);
        }
        seen.hdfs().get().ifPresent(this::record);
        seen.host().get().ifPresent(this::record);
        seen.flink().get().ifPresent(flink -> record(flink, seen));
    }

    private void up(Component component, Reading<?> reading) {
        up.labelValues(component.label()).set(reading.get().isPresent() ? 1 : 0);
    }

    private void record(Observation.Hdfs hdfs) {
        dataNodes.labelValues("live").set(hdfs.liveDataNodes());
        dataNodes.labelValues("dead").set(hdfs.deadDataNodes());
        safeMode.set(hdfs.safeMode() ? 1 : 0);
        if (hdfs.capacityBytes() > 0) {
            hdfsFree.set((double) hdfs.remainingBytes() / hdfs.capacityBytes());
        }
    }

    private void record(Observation.Host host) {
        load.set(host.load());
        if (host.memoryBytes() > 0) {
            memoryFree.set((double) host.availableMemoryBytes() / host.memoryBytes());
        }
        host.disks()
                .forEach(disk -> diskFree.labelValues(disk.folder()).set((double) disk.usableBytes() / disk.bytes()));
    }

    /** Jobs that have ended leave no value behind, which would be told for ever. */
    private void record(Observation.Flink flink, Observation seen) {
        taskManagers.set(flink.taskManagers());
        for (Gauge gauge : new Gauge[] {
            jobRunning,
            checkpointAge,
            failedCheckpoints,
            failedCommits,
            modelsServing,
            usersFallback,
            overloadStep,
            modelsRefused,
            recordsWaiting,
            deadLetters
        }) {
            gauge.clear();
        }
        for (Observation.Job job : flink.jobs()) {
            jobRunning.labelValues(job.id()).set(job.allRunning() ? 1 : 0);
            checkpointAge
                    .labelValues(job.id())
                    .set(Duration.between(job.checkpointedSince(), seen.at()).toMillis() / 1000.0);
            failedCheckpoints.labelValues(job.id()).set((double) job.failedCheckpoints());
            failedCommits.labelValues(job.id()).set(job.sum(FlinkProbe.FAILED_COMMITS));
            modelsServing.labelValues(job.id()).set(job.sum(FlinkProbe.MODELS_SERVING));
            recordsWaiting.labelValues(job.id()).set(job.sum(FlinkProbe.RECORDS_WAITING));
            deadLetters.labelValues(job.id()).set(job.sum(FlinkProbe.DEAD_LETTERS));
            usersFallback.labelValues(job.id()).set(job.sum(FlinkProbe.USERS_FALLBACK));
            overloadStep.labelValues(job.id()).set(job.sum(FlinkProbe.OVERLOAD_STEP));
            modelsRefused.labelValues(job.id()).set(job.sum(FlinkProbe.MODELS_REFUSED));
        }
    }
}
