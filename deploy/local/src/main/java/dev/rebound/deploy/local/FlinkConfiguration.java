package dev.rebound.deploy.local;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.checkpoints.LocalEndpoints;
import dev.rebound.deploy.site.ClientJvm;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** The configuration that JobManager, TaskManagers and the {@code flink} client of the stack read. */
public final class FlinkConfiguration {

    /** One TaskManager alone can hold the whole job: two slot-sharing groups at parallelism 2. */
    static final int SLOTS = 4;

    /** Checkpoints and savepoints are kept under it, on HDFS. */
    static final String HDFS_ROOT = "/rebound";

    private final StackLayout layout;
    private final Configuration configuration;

    FlinkConfiguration(StackLayout layout, StackPorts ports, Hdfs hdfs, StackShape shape) {
        this.layout = layout;
        LocalEndpoints endpoints = new LocalEndpoints(
                hdfs.uri().toString(),
                HDFS_ROOT,
                ports.flinkRest(),
                ports.jobManagerRpc(),
                layout.data("flink"),
                SLOTS);
        this.configuration = shape == StackShape.HIGHLY_AVAILABLE
                ? FlinkSettings.localWithStandby(endpoints, "127.0.0.1:" + ports.zooKeeper())
                : FlinkSettings.local(endpoints);
    }

    Configuration settings() {
        return configuration;
    }

    /** Writes {@code config.yaml} for the processes and for whoever looks what is in force. */
    void write() {
        try {
            for (String folder : configuration.get(CoreOptions.TMP_DIRS).split(",")) {
                Files.createDirectories(Path.of(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't create Flink's folders under " + layout.data("flink"), e);
        }
        FlinkSettings.write(configuration, layout.flinkConf().resolve(FlinkSettings.FILE_NAME));
    }

    JvmCommand jobManager(String name, int restPort, int rpcPort) {
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        List<String> flags = words(JobManagerProcessUtils.generateJvmParametersStr(memory, configuration));
        List<String> arguments = words(JobManagerProcessUtils.generateDynamicConfigsStr(memory));
        arguments.addAll(List.of("-D", RestOptions.BIND_PORT.key() + "=" + restPort));
        arguments.addAll(List.of("-D", RestOptions.PORT.key() + "=" + restPort));
        arguments.addAll(List.of("-D", JobManagerOptions.PORT.key() + "=" + rpcPort));
        arguments.addAll(List.of("-D", HighAvailabilityOptions.HA_JOB_MANAGER_PORT_RANGE.key() + "=" + rpcPort));
        return jvm(name, "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", flags, arguments);
    }

    JvmCommand taskManager(String name, int rpcPort) {
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        List<String> flags = words(ProcessMemoryUtils.generateJvmParametersStr(memory));
        List<String> arguments = words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory));
        // The same name after a restart: local recovery finds its copy of the state by it.
        arguments.addAll(List.of("-D", TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + name));
        arguments.addAll(List.of("-D", TaskManagerOptions.RPC_PORT.key() + "=" + rpcPort));
        return jvm(name, "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", flags, arguments);
    }

    /** What a client of the stack's Flink runs in. */
    ClientJvm client() {
        return new ClientJvm(layout, flags(ClientJvm.SHORT_LIVED, "flink-client"), environment());
    }

    private JvmCommand jvm(String name, String mainClass, List<String> flags, List<String> dynamic) {
        List<String> arguments =
                new ArrayList<>(List.of("--configDir", layout.flinkConf().toString()));
        arguments.addAll(dynamic);
        return new JvmCommand(flags(flags, name), classPath(), mainClass, arguments, environment());
    }

    private List<String> flags(List<String> memory, String logName) {
        List<String> flags = new ArrayList<>(memory);
        flags.addAll(words(configuration.get(CoreOptions.FLINK_JVM_OPTIONS)));
        flags.addAll(JvmCommand.logFlags(layout, layout.logs().resolve(logName + ".log")));
        return flags;
    }

    private List<String> classPath() {
        return List.of(layout.jars("flink"), layout.jars("flink-lib"));
    }

    private Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR", layout.flinkConf().toString(),
                "FLINK_LIB_DIR", layout.home().resolve("lib/flink").toString(),
                "FLINK_PLUGINS_DIR", layout.home().resolve("plugins").toString(),
                "HADOOP_CONF_DIR", layout.hdfsConf().toString(),
                // RocksDB and libtorch allocate from many threads: glibc's heap for each would fragment and grow for
                // hours.
                "MALLOC_ARENA_MAX", "2");
    }

    private static List<String> words(String text) {
        return new ArrayList<>(Arrays.stream(text.trim().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList());
    }
}
