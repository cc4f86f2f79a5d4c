package dev.rebound.checkpoints;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.highavailability.JobResultStoreOptions;

/**
 * The Flink configuration of each environment.
 *
 * <p>The truth is in two resource files that say why each value is what it is: {@code
 * flink-production.yaml}, complete and made to be copied, and {@code flink-local.yaml}, which holds
 * only what one machine needs otherwise. Code adds what depends on ports and folders.
 */
public final class FlinkSettings {
    /** The name under which Flink 2 looks for its configuration in {@code FLINK_CONF_DIR}. */
    public static final String FILE_NAME = GlobalConfiguration.FLINK_CONF_FILENAME;

    private static final String LOOPBACK = "127.0.0.1";

    private FlinkSettings() {}

    /** The configuration of a production site, with the placeholders that {@code flink-production.yaml} marks EDIT. */
    public static Configuration production() {
        return resource("flink-production.yaml");
    }

    /** The configuration of a JobManager and TaskManagers that run as processes of this machine. */
    public static Configuration local(LocalEndpoints endpoints) {
        Configuration settings = production();
        settings.addAll(resource("flink-local.yaml"));

        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, endpoints.hdfsPath("checkpoints"));
        settings.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, endpoints.hdfsPath("savepoints"));

        settings.set(RestOptions.ADDRESS, LOOPBACK);
        settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        settings.set(RestOptions.PORT, endpoints.restPort());
        settings.set(RestOptions.BIND_PORT, Integer.toString(endpoints.restPort()));
        settings.set(JobManagerOptions.PORT, endpoints.jobManagerRpcPort());
        settings.set(TaskManagerOptions.NUM_TASK_SLOTS, endpoints.taskSlots());

        Path work = endpoints.workDir();
        settings.set(ClusterOptions.PROCESS_WORKING_DIR_BASE, folder(work, "process"));
        settings.set(CoreOptions.TMP_DIRS, folder(work, "tmp"));
        settings.set(BlobServerOptions.STORAGE_DIRECTORY, folder(work, "blobs"));
        settings.set(
                JobResultStoreOptions.STORAGE_PATH,
                work.resolve("job-results").toUri().toString());
        settings.set(WebOptions.TMP_DIR, folder(work, "web"));
        settings.set(WebOptions.UPLOAD_DIR, folder(work, "uploads"));
        settings.set(RestOptions.PROFILING_RESULT_DIR, folder(work, "profiles"));
        return settings;
    }

    /**
     * The same with a second JobManager that stands by, a leader elected by ZooKeeper and jobs kept on HDFS.
     *
     * @param zooKeeper its servers, host:port separated by commas
     */
    public static Configuration localWithStandby(LocalEndpoints endpoints, String zooKeeper) {
        Configuration settings = local(endpoints);
        settings.set(HighAvailabilityOptions.HA_MODE, "zookeeper");
        settings.set(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, zooKeeper);
        settings.set(HighAvailabilityOptions.HA_STORAGE_PATH, endpoints.hdfsPath("ha"));
        // The standby leads when the session of the one before is over; a minute, Flink's default, is long for a shop.
        settings.set(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT, Duration.ofSeconds(5));
        settings.set(HighAvailabilityOptions.ZOOKEEPER_CONNECTION_TIMEOUT, Duration.ofSeconds(3));
        // Beside the jobs themselves, where both find it.
        settings.removeConfig(JobResultStoreOptions.STORAGE_PATH);
        return settings;
    }

    /**
     * Writes the configuration so that Flink's own loader reads the same keys and values back.
     *
     * @param configYaml the file to write, named {@value #FILE_NAME} for Flink to find it; replaced if it exists
     */
    public static void write(Configuration settings, Path configYaml) {
        try {
            Files.createDirectories(configYaml.toAbsolutePath().getParent());
            Files.write(configYaml, sortedByKey(ConfigurationUtils.convertConfigToWritableLines(settings, true)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Could not write the Flink configuration to " + configYaml + "; check that the folder is writable",
                    e);
        }
    }

    /** Reads a {@value #FILE_NAME} as Flink does. */
    public static Configuration read(Path confDir) {
        return GlobalConfiguration.loadConfiguration(confDir.toString());
    }

    // One line a key: the flat form has no nesting that sorting could tear apart.
    private static List<String> sortedByKey(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    private static String folder(Path work, String name) {
        return work.resolve(name).toString();
    }

    // Flink's loader takes a folder, not a stream, and is used all the same: it defines the format.
    private static Configuration resource(String name) {
        try (InputStream yaml = FlinkSettings.class.getResourceAsStream(name)) {
            if (yaml == null) {
                throw new FileNotFoundException(name + " is not in the jar of rebound-checkpoints-config; rebuild it");
            }
            Path folder = Files.createTempDirectory("rebound-flink-");
            Path file = folder.resolve(FILE_NAME);
            try {
                Files.copy(yaml, file);
                return read(folder);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read the settings in " + name, e);
        }
    }
}
