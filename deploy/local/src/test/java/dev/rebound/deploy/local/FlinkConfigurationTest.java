package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.site.ClientJvm;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkConfigurationTest {

    @TempDir
    Path folder;

    private StackLayout layout;
    private FlinkConfiguration configuration;

    @BeforeEach
    void aConfiguration() throws Exception {
        Files.createDirectories(folder.resolve("home/lib/flink"));
        Files.createDirectories(folder.resolve("home/lib/flink-lib"));
        layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        configuration = new FlinkConfiguration(
                layout, StackPorts.DEFAULT, new Hdfs(layout, StackPorts.DEFAULT), StackShape.SINGLE);
    }

    @Test
    void everythingStaysOnLoopback() {
        configuration.write();

        Configuration written = FlinkSettings.read(layout.flinkConf());
        assertThat(List.of(
                        written.get(RestOptions.ADDRESS),
                        written.get(RestOptions.BIND_ADDRESS),
                        written.get(JobManagerOptions.ADDRESS),
                        written.get(JobManagerOptions.BIND_HOST),
                        written.get(TaskManagerOptions.HOST),
                        written.get(TaskManagerOptions.BIND_HOST)))
                .containsOnly("127.0.0.1");
        assertThat(written.get(RestOptions.PORT)).isEqualTo(StackPorts.DEFAULT.flinkRest());
        assertThat(written.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(FlinkConfiguration.SLOTS);
    }

    @Test
    void aTaskManagersJvmIsSizedFromFlinksMemoryModel() {
        JvmCommand command = configuration.taskManager("taskmanager-1", 12345);

        // Direct memory holds framework, task off-heap (libtorch's share) and network; without the flag the JVM's own
        // limit, the heap size, would fail the job.
        assertThat(command.jvmFlags())
                .anyMatch(flag -> flag.startsWith("-Xmx"))
                .anyMatch(flag -> flag.startsWith("-XX:MaxDirectMemorySize="))
                .anyMatch(flag -> flag.startsWith("-XX:MaxMetaspaceSize="))
                .contains("-Dai.djl.offline=true");
        assertThat(command.arguments())
                .contains("taskmanager.resource-id=taskmanager-1", "taskmanager.rpc.port=12345")
                .anyMatch(argument -> argument.startsWith("taskmanager.memory.task.heap.size="));
    }

    @Test
    void clusterAndClientSeeFlinkAndWhatReboundAddsAndNothingElse() {
        JvmCommand jobManager = configuration.jobManager("jobmanager", 28081, 28123);
        ClientJvm client = configuration.client();

        assertThat(jobManager.classPath())
                .containsExactly(layout.home() + "/lib/flink/*", layout.home() + "/lib/flink-lib/*");
        assertThat(client.environment())
                .containsEntry("FLINK_CONF_DIR", layout.flinkConf().toString())
                .containsEntry("HADOOP_CONF_DIR", layout.hdfsConf().toString());
    }
}
