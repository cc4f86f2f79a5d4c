package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.highavailability.JobResultStoreOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.junit.jupiter.api.Test;

/** Flink ignores a key that it does not know, so a typing error would switch a protection off in silence. */
class FlinkSettingKeysTest {
    private static final Set<String> KNOWN = Stream.of(
                    BlobServerOptions.class,
                    CheckpointingOptions.class,
                    ClusterOptions.class,
                    CoreOptions.class,
                    HeartbeatManagerOptions.class,
                    HighAvailabilityOptions.class,
                    JobManagerOptions.class,
                    JobResultStoreOptions.class,
                    MetricOptions.class,
                    PipelineOptions.class,
                    RestOptions.class,
                    RestartStrategyOptions.class,
                    RocksDBConfigurableOptions.class,
                    RocksDBOptions.class,
                    StateBackendOptions.class,
                    StateRecoveryOptions.class,
                    TaskManagerOptions.class,
                    WebOptions.class)
            .flatMap(options -> Stream.of(options.getFields()))
            .filter(field -> ConfigOption.class.isAssignableFrom(field.getType()))
            .filter(field -> !field.isAnnotationPresent(Deprecated.class))
            .map(FlinkSettingKeysTest::key)
            .collect(Collectors.toSet());

    // Passed on to the reporter, which Flink declares no options for.
    private static final Predicate<String> PASSED_ON = key -> key.startsWith("metrics.reporter.prom.");

    @Test
    void everyKeyIsAnOptionOfThisFlinkVersion() {
        Configuration local = FlinkSettings.local(
                new LocalEndpoints("hdfs://127.0.0.1:9000", "/rebound", 8081, 6123, Path.of("work"), 2));

        assertThat(local.keySet()).filteredOn(PASSED_ON.negate()).isSubsetOf(KNOWN);
    }

    private static String key(Field option) {
        try {
            return ((ConfigOption<?>) option.get(null)).key();
        } catch (IllegalAccessException e) {
            throw new AssertionError(option + " is public and cannot be read", e);
        }
    }
}
