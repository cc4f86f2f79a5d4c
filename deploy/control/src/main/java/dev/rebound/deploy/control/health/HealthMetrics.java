package dev.rebound.deploy.control.health;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
    private final Gauge checked;
    private final Gauge backupAge;
    private final Gauge transactionAge;
    private final Gauge transactionTimeout;
    private final Gauge readersHeld;
    private final Gauge recordsHeld;
    private final Gauge restarts;
    private final Gauge watermarkLag;
    private final Gauge answerP99;

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
        checked = gauge(
                registry,
                "rebound_health_checked",
                "1 if it was looked at in the last round, 0 if nobody configured it, it may not be seen or did not answer.",
                "what");
        backupAge = gauge(
                registry,
                "rebound_backup_verified_age_seconds",
                "Age of the newest backup that was verified and is sound; +Inf if there is none, NaN if not checked.");
        transactionAge = gauge(
                registry,
                "rebound_open_transaction_age_seconds",
                "Age of the open transaction that is nearest to its timeout; 0 if none is open, NaN if not checked.");
        transactionTimeout = gauge(
                registry,
                "rebound_open_transaction_timeout_seconds",
                "The timeout that its job gave that transaction.");
        readersHeld = gauge(
                registry,
                "rebound_readers_held_seconds",
                "For how long the last stable offset has stood while records wait behind it.",
                "topic");
        recordsHeld = gauge(
                registry,
                "rebound_readers_held_records",
                "Records that readers of committed ones may not read yet.",
                "topic");
        restarts = gauge(registry, "rebound_job_restarts", "Restarts since a JobManager took the job up.", "job");
        watermarkLag = gauge(registry, "rebound_watermark_lag_seconds", "Event time behind the clock.", "job");
        answerP99 = gauge(
                registry,
                "rebound_answer_p99_seconds",
                "From request to answer, 99th percentile of the last minute of the slowest scoring task; 0 if nobody asked.",
                "job");
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
        checked("backups", seen.backups());
        checked("transactions", seen.transactions());
        checked("readers", seen.readers());
        record(seen.backups().get(), seen.at());
        record(seen.transactions().get());
        readersHeld.clear();
        recordsHeld.clear();
        seen.readers()
                .get()
                .ifPresent(topics -> topics.forEach(readers -> {
                    readersHeld.labelValues(readers.topic()).set(readers.held().toMillis() / 1000.0);
                    recordsHeld.labelValues(readers.topic()).set((double) readers.records());
                }));
    }

    private void checked(String what, Reading<?> reading) {
        checked.labelValues(what).set(reading.get().isPresent() ? 1 : 0);
    }

    /** What is not known is no number; without one Prometheus would be told 0. */
    private void record(Optional<Observation.Backups> backups, Instant now) {
        backupAge.set(backups.map(seen -> seen.standing().proven())
                .map(proven -> proven.age(now).toMillis() / 1000.0)
                .orElse(backups.isPresent() ? Double.POSITIVE_INFINITY : Double.NaN));
    }

    private void record(Optional<Observation.Transactions> transactions) {
        Optional<Observation.Transaction> oldest = transactions.map(Observation.Transactions::oldest);
        transactionAge.set(
                oldest.map(open -> open.age().toMillis() / 1000.0).orElse(transactions.isPresent() ? 0 : Double.NaN));
        transactionTimeout.set(
                oldest.map(open -> open.timeout().toMillis() / 1000.0).orElse(Double.NaN));
    }

    private void up(Component component, Reading<?> reading) {
        up.labelValues(component.label()).set(reading.get().isPresent() ? 1 : 0);
    }

    private void record(Observation.Hdfs hdfs) {
        Observation.DataNodes seen = hdfs.dataNodes();
        if (seen != null) {
            dataNodes.labelValues("live").set(seen.live());
            dataNodes.labelValues("dead").set(seen.dead());
        }
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
            deadLetters,
            restarts,
            watermarkLag,
            answerP99
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
            answerP99.labelValues(job.id()).set(job.answerP99().toMillis() / 1000.0);
            restarts.labelValues(job.id()).set((double) job.restarts());
            job.watermarkLag(seen.at())
                    .ifPresent(lag -> watermarkLag.labelValues(job.id()).set(lag.toMillis() / 1000.0));
        }
    }
}
