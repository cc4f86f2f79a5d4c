package dev.rebound.deploy.ops.backup;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.ops.console.ClusterOptions;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.HadoopUtils;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where backups are kept, and how file systems are reached. */
final class TargetOptions {
    @Option(
            names = "--target",
            paramLabel = "URI",
            description = "Folder of all backups on any Hadoop file system, such as hdfs://other-site/backups or"
                    + " file:///mnt/backups; default: backups/ in the local stack's folder, which is on the same disk.")
    private @Nullable URI target;

    @Option(
            names = "--flink-conf",
            paramLabel = "DIR",
            description =
                    "Folder of Flink's config.yaml, which tells the folders of checkpoints and savepoints and, with"
                            + " HADOOP_CONF_DIR, how HDFS is reached; default: the local stack's.")
    private java.nio.file.@Nullable Path flinkConf;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    BackupStore open() {
        return BackupStore.open(root(), hadoop(), Clock.systemUTC());
    }

    Path root() {
        if (target == null) {
            return new Path(ClusterOptions.localStack()
                    .layout()
                    .var()
                    .resolve("backups")
                    .toUri());
        }
        return withScheme("--target", target);
    }

    /** @throws ParameterException without a scheme, which Hadoop would look up in its settings */
    Path withScheme(String option, URI uri) {
        if (uri.getScheme() == null || uri.getPath() == null) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " " + uri + " does not say on which file system. Write file://" + uri + " or hdfs://HOST"
                            + uri);
        }
        return new Path(uri.toString());
    }

    java.nio.file.Path flinkConf() {
        return flinkConf != null ? flinkConf : ClusterOptions.localStack().flinkConfDir();
    }

    boolean ofLocalStack() {
        return flinkConf == null;
    }

    /** Empty before the first start of the local stack. */
    Configuration flink() {
        java.nio.file.Path folder = flinkConf();
        return ofLocalStack() && !Files.exists(folder.resolve(FlinkSettings.FILE_NAME))
                ? new Configuration()
                : FlinkSettings.read(folder);
    }

    org.apache.hadoop.conf.Configuration hadoop() {
        return ofLocalStack()
                ? ClusterOptions.localStack().hdfsSettings()
                : HadoopUtils.getHadoopConfiguration(FlinkSettings.read(flinkConf()));
    }
}
