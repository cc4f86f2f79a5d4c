package dev.rebound.deploy.cli.backup;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.terminal.ChosenSite;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.HadoopUtils;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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
            description =
                    "Folder of all backups on any Hadoop file system, such as hdfs://other-site/backups or"
                            + " file:///mnt/backups; default: files.backups of the site, else backups/ in a folder of this machine, which for the local stack is on the same disk.")
    private @Nullable URI target;

    @Option(
            names = "--flink-conf",
            paramLabel = "DIR",
            description =
                    "Folder of Flink's config.yaml, which tells the folders of checkpoints and savepoints and, with"
                            + " HADOOP_CONF_DIR, how HDFS is reached, in the place of those of the site.")
    private java.nio.file.@Nullable Path flinkConf;

    @Mixin
    private ChosenSite site;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    BackupStore open() {
        return BackupStore.open(root(), hadoop(), Clock.systemUTC());
    }

    Path root() {
        if (target == null) {
            return new Path(site.site()
                    .backups()
                    .orElseGet(() -> site.site().scratch().resolve("backups").toUri()));
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

    /** Folders of this machine with what the site was set up with. */
    List<java.nio.file.Path> settingsFolders() {
        return flinkConf != null ? List.of(flinkConf) : site.site().settingsFolders();
    }

    /** Empty before the first start of the local stack. */
    Configuration flink() {
        return flinkConf != null
                ? FlinkSettings.read(flinkConf)
                : site.site().flink().settings();
    }

    /** Where the commands keep savepoints, which need not be Flink's own default; null where it is unknown. */
    @Nullable
    String savepoints() {
        return flinkConf != null
                ? flink().get(CheckpointingOptions.SAVEPOINT_DIRECTORY)
                : site.site().files().root() + "/savepoints";
    }

    org.apache.hadoop.conf.Configuration hadoop() {
        return flinkConf != null
                ? HadoopUtils.getHadoopConfiguration(FlinkSettings.read(flinkConf))
                : site.site().files().hadoop();
    }
}
