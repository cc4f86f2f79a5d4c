package dev.rebound.checkpoints;

import static dev.rebound.checkpoints.Finding.Severity.ERROR;
import static dev.rebound.checkpoints.Finding.Severity.WARNING;

import dev.rebound.checkpoints.Finding.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.jspecify.annotations.Nullable;

/** What each key of Flink's configuration must be: option, severity, what is allowed and why, what to set. */
enum FlinkRule implements SettingsRule {
    CHECKPOINTING_IS_ON(
            CheckpointingOptions.CHECKPOINTING_INTERVAL,
            ERROR,
            "an interval above zero: exactly-once sinks commit with a checkpoint, and without one never",
            "30 s",
            settings -> isPositive(settings.flink().get(CheckpointingOptions.CHECKPOINTING_INTERVAL))),
    EXACTLY_ONCE(
            CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
            ERROR,
            "EXACTLY_ONCE: otherwise a restored job applies some events twice",
            "EXACTLY_ONCE",
            settings -> settings.flink().get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
                    == CheckpointingMode.EXACTLY_ONCE),
    CHECKPOINT_DIRECTORY(
            CheckpointingOptions.CHECKPOINTS_DIRECTORY,
            ERROR,
            "a directory that outlives the node; in production not on a local disk",
            "hdfs://<nameservice>/flink/checkpoints",
            settings -> isDurable(settings, CheckpointingOptions.CHECKPOINTS_DIRECTORY)),
    SAVEPOINT_DIRECTORY(
            CheckpointingOptions.SAVEPOINT_DIRECTORY,
            ERROR,
            "a directory that outlives the node; in production not on a local disk",
            "hdfs://<nameservice>/flink/savepoints",
            settings -> isDurable(settings, CheckpointingOptions.SAVEPOINT_DIRECTORY)),
    RETAINED_CHECKPOINTS(
            CheckpointingOptions.MAX_RETAINED_CHECKPOINTS,
            ERROR,
            "at least 2: if the newest is corrupt, the one before it is what is left",
            "3",
            settings -> settings.flink().get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS) >= 2),
    RETENTION_ON_CANCEL(
            CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
            ERROR,
            "RETAIN_ON_CANCELLATION: otherwise a cancelled job leaves nothing to start from",
            "RETAIN_ON_CANCELLATION",
            settings -> settings.flink().get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION)
                    == ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION),
    UNALIGNED_IS_ENABLED(
            CheckpointingOptions.ENABLE_UNALIGNED,
            WARNING,
            "true, together with an aligned-checkpoint-timeout: under backpressure aligned barriers take for ever",
            "true",
            settings -> settings.flink().get(CheckpointingOptions.ENABLE_UNALIGNED)),
    ALIGNED_FIRST(
            CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT,
            ERROR,
            "above zero if unaligned checkpoints are enabled: a new version of the job cannot start from unaligned ones",
            "30 s",
            settings -> !settings.flink().get(CheckpointingOptions.ENABLE_UNALIGNED)
                    || isPositive(settings.flink().get(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT))),
    FAILED_CHECKPOINTS_ARE_TOLERATED(
            CheckpointingOptions.TOLERABLE_FAILURE_NUMBER,
            WARNING,
            "at least 1: HDFS being away fails checkpoints, and restarting the job does not bring it back",
            "100",
            settings -> settings.flink().get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER) >= 1),
    NO_CLAIM(
            StateRecoveryOptions.RESTORE_MODE,
            WARNING,
            "NO_CLAIM: a claimed native savepoint makes the next incremental checkpoint unrestorable (FLINK-39964)",
            "NO_CLAIM",
            settings -> settings.flink().get(StateRecoveryOptions.RESTORE_MODE) == RecoveryClaimMode.NO_CLAIM),
    ROCKSDB(
            StateBackendOptions.STATE_BACKEND,
            ERROR,
            "rocksdb: features of all users do not fit a heap",
            "rocksdb",
            settings -> "rocksdb".equals(settings.flink().get(StateBackendOptions.STATE_BACKEND))),
    INCREMENTAL_CHECKPOINTS(
            CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
            ERROR,
            "true: otherwise every checkpoint uploads the whole state",
            "true",
            settings -> settings.flink().get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)),
    NO_CHANGELOG(
            StateChangelogOptions.ENABLE_STATE_CHANGE_LOG,
            ERROR,
            "false: the changelog backend cannot be restored with NO_CLAIM",
            "false",
            settings -> !settings.flink().get(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG)),
    RESTARTS_GO_ON(
            RestartStrategyOptions.RESTART_STRATEGY,
            ERROR,
            "exponential-delay without a limit, or a strategy with at least 10 attempts: an outage lasts longer than a few",
            "exponential-delay",
            settings -> restartsGoOn(settings.flink())),
    GENERIC_TYPES_OFF(
            PipelineOptions.GENERIC_TYPES,
            ERROR,
            "false: state that Kryo wrote cannot be read by a changed class",
            "false",
            settings -> !settings.flink().get(PipelineOptions.GENERIC_TYPES)),
    MAX_PARALLELISM(
            PipelineOptions.MAX_PARALLELISM,
            ERROR,
            "a fixed number above zero: derived from the parallelism, it changes with it and the state is lost",
            "128",
            settings -> settings.flink().get(PipelineOptions.MAX_PARALLELISM) > 0),
    LIBTORCH_OFF_HEAP(
            TaskManagerOptions.TASK_OFF_HEAP_MEMORY,
            ERROR,
            "at least 256 mb for libtorch, which allocates outside the JVM",
            "512 mb, more for large models",
            settings -> settings.flink()
                            .get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY)
                            .compareTo(MemorySize.ofMebiBytes(256))
                    >= 0),
    DJL_PARENT_FIRST(
            CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL,
            ERROR,
            "ai.djl. among them: libtorch loads once a process, and the second submission of the job would fail",
            "[ai.djl.]",
            settings -> Stream.of(CoreOptions.getParentFirstLoaderPatterns(settings.flink()))
                    .anyMatch("ai.djl."::startsWith)),
    JVM_OPTIONS(
            CoreOptions.FLINK_JVM_OPTIONS,
            ERROR,
            "-Dai.djl.offline=true (no download at run time) and -Dorg.apache.avro.SERIALIZABLE_PACKAGES (Avro's"
                    + " allow-list) among them",
            "the line of flink-production.yaml",
            settings -> settings.flink().get(CoreOptions.FLINK_JVM_OPTIONS).contains("-Dai.djl.offline=true")
                    && settings.flink()
                            .get(CoreOptions.FLINK_JVM_OPTIONS)
                            .contains("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.rebound.schemas")),
    NO_UPLOAD(
            WebOptions.SUBMIT_ENABLE,
            WARNING,
            "false: whoever reaches the page could run a jar of theirs",
            "false",
            settings -> !settings.flink().get(WebOptions.SUBMIT_ENABLE)),
    REST_IS_CLOSED(
            RestOptions.BIND_ADDRESS,
            WARNING,
            "127.0.0.1, behind an authenticating proxy: the REST interface asks nobody who they are",
            "127.0.0.1",
            settings -> isLoopback(settings.flink().get(RestOptions.BIND_ADDRESS))),
    HIGH_AVAILABILITY(
            HighAvailabilityOptions.HA_MODE,
            WARNING,
            "zookeeper or kubernetes in production: otherwise the loss of the JobManager ends the job",
            "zookeeper",
            settings -> !settings.inProduction()
                    || !"NONE".equalsIgnoreCase(settings.flink().get(HighAvailabilityOptions.HA_MODE)));

    private static final int FEW_ATTEMPTS = 10;

    private final ConfigOption<?> option;
    private final Severity severity;
    private final String allowed;
    private final String set;
    private final Predicate<CheckedSettings> holds;

    FlinkRule(ConfigOption<?> option, Severity severity, String allowed, String set, Predicate<CheckedSettings> holds) {
        this.option = option;
        this.severity = severity;
        this.allowed = allowed;
        this.set = set;
        this.holds = holds;
    }

    @Override
    public String key() {
        return option.key();
    }

    @Override
    public Stream<Finding> check(CheckedSettings settings) {
        if (holds.test(settings)) {
            return Stream.empty();
        }
        String found = settings.flink().getOptional(option).isPresent()
                ? settings.flink().toMap().getOrDefault(key(), "set under another name")
                : "not set (default " + option.defaultValue() + ")";
        return Stream.of(new Finding(name(), severity, key(), found, allowed, set));
    }

    private static boolean isPositive(@Nullable Duration duration) {
        return duration != null && !duration.isNegative() && !duration.isZero();
    }

    private static boolean isLoopback(@Nullable String address) {
        return address != null && (address.startsWith("127.") || address.equals("localhost") || address.equals("::1"));
    }

    private static boolean isDurable(CheckedSettings settings, ConfigOption<String> directory) {
        @Nullable String path = settings.flink().get(directory);
        if (path == null || path.isBlank()) {
            return false;
        }
        String scheme = URI.create(path).getScheme();
        if (scheme == null) {
            @Nullable String byDefault = settings.flink().get(CoreOptions.DEFAULT_FILESYSTEM_SCHEME);
            scheme = byDefault == null ? "file" : URI.create(byDefault).getScheme();
        }
        return !settings.inProduction() || !"file".equals(scheme);
    }

    private static boolean restartsGoOn(Configuration flink) {
        @Nullable String strategy = flink.get(RestartStrategyOptions.RESTART_STRATEGY);
        if (strategy == null) {
            // With checkpointing on, Flink's own default is exponential-delay without a limit.
            return true;
        }
        return switch (strategy.toLowerCase(Locale.ROOT)) {
            case "exponential-delay", "exponentialdelay" ->
                flink.get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS) >= FEW_ATTEMPTS;
            case "fixed-delay", "fixeddelay" ->
                flink.get(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS) >= FEW_ATTEMPTS;
            case "failure-rate", "failurerate" ->
                flink.get(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL)
                        >= FEW_ATTEMPTS;
            default -> false;
        };
    }
}
