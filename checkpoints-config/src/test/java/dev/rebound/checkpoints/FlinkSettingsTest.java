package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlinkSettingsTest {
    private static final LocalEndpoints ENDPOINTS =
            new LocalEndpoints("hdfs://127.0.0.1:9000", "/rebound", 18081, 16123, Path.of("/tmp/rebound"), 2);

    static Stream<Configuration> environments() {
        return Stream.of(FlinkSettings.production(), FlinkSettings.local(ENDPOINTS));
    }

    @ParameterizedTest
    @MethodSource("environments")
    void flinksOwnLoaderReadsBackWhatWasWritten(Configuration settings, @TempDir Path confDir) {
        FlinkSettings.write(settings, confDir.resolve(FlinkSettings.FILE_NAME));

        assertThat(FlinkSettings.read(confDir).toMap()).isEqualTo(settings.toMap());
    }

    @ParameterizedTest
    @MethodSource("environments")
    void theMemoryPartsFitTheProcessSizes(Configuration settings) {
        var taskManager = TaskExecutorProcessUtils.processSpecFromConfig(settings);
        var jobManager = JobManagerProcessUtils.processSpecFromConfig(settings);

        assertThat(taskManager.getTaskHeapSize()).isGreaterThan(MemorySize.ofMebiBytes(512));
        assertThat(jobManager.getJvmHeapMemorySize()).isGreaterThan(MemorySize.ofMebiBytes(384));
    }

    @ParameterizedTest
    @MethodSource("environments")
    void aWrittenValueStillHasTheTypeThatFlinkExpects(Configuration written, @TempDir Path confDir) {
        FlinkSettings.write(written, confDir.resolve(FlinkSettings.FILE_NAME));
        Configuration settings = FlinkSettings.read(confDir);

        assertThat(settings.get(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.get(CheckpointingOptions.ENABLE_UNALIGNED)).isTrue();
        assertThat(settings.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
        assertThat(settings.get(PipelineOptions.GENERIC_TYPES)).isFalse();
        assertThat(settings.get(PipelineOptions.MAX_PARALLELISM)).isEqualTo(128);
        assertThat(settings.get(WebOptions.SUBMIT_ENABLE)).isFalse();
        assertThat(CoreOptions.getParentFirstLoaderPatterns(settings)).contains("ai.djl.", "java.");
    }

    @Test
    void aLocalStackListensOnLoopbackAndKeepsItsFilesInItsFolder() {
        Configuration local = FlinkSettings.local(ENDPOINTS);

        assertThat(local.get(RestOptions.BIND_ADDRESS)).isEqualTo("127.0.0.1");
        assertThat(local.get(RestOptions.BIND_PORT)).isEqualTo("18081");
        assertThat(local.get(JobManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
        assertThat(local.get(TaskManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
        assertThat(local.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .isEqualTo("hdfs://127.0.0.1:9000/rebound/checkpoints");
        assertThat(local.get(CoreOptions.TMP_DIRS)).startsWith("/tmp/rebound/");
    }

    @Test
    void anAddressThatIsNotHdfsIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> new LocalEndpoints("file:///tmp", "/rebound", 1, 2, Path.of("."), 2))
                .hasMessageContaining("file:///tmp")
                .hasMessageContaining("hdfs://host:port");
    }
}
