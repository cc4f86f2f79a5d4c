package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.cli.model.RegistryOptions;
import dev.rebound.deploy.control.backup.BackupSource;
import dev.rebound.deploy.control.backup.PartKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is backed up. */
final class SourceOptions {
    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Only these of: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<PartKind> only = EnumSet.allOf(PartKind.class);

    @Option(
            names = "--configuration",
            paramLabel = "DIR",
            description =
                    "A folder of settings, or of job jars, on this machine; may be given several times. Default: that of"
                            + " --flink-conf, on the local stack those of all components. Leave out what holds secrets.")
    private @Nullable List<Path> configuration;

    @Mixin
    private RegistryOptions models;

    List<BackupSource> sources(TargetOptions cluster) {
        Configuration flink = cluster.flink();
        List<BackupSource> sources = new ArrayList<>();
        if (only.contains(PartKind.MODELS)) {
            sources.add(source(PartKind.MODELS, "models", models.registry().toString()));
        }
        String savepoints = cluster.savepoints();
        add(sources, PartKind.SAVEPOINTS, "savepoints", savepoints);
        if (savepoints != null) {
            String beside = new org.apache.hadoop.fs.Path(savepoints).getParent() + "/";
            add(sources, PartKind.JOBS, "jars", beside + "jars");
            add(sources, PartKind.JOBS, "jobs", beside + "jobs");
        }
        add(sources, PartKind.CHECKPOINTS, "checkpoints", flink.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
        if (only.contains(PartKind.CONFIGURATION)) {
            int number = 0;
            for (Path folder : configuration(cluster)) {
                number++;
                String name = number == 1 ? "configuration" : "configuration-" + number;
                sources.add(source(
                        PartKind.CONFIGURATION,
                        name,
                        folder.toAbsolutePath().normalize().toUri().toString()));
            }
        }
        return sources;
    }

    private void add(List<BackupSource> sources, PartKind kind, String name, @Nullable String root) {
        if (root != null && only.contains(kind)) {
            sources.add(source(kind, name, root));
        }
    }

    private static BackupSource source(PartKind kind, String name, String root) {
        return new BackupSource(kind, name, new org.apache.hadoop.fs.Path(root));
    }

    private List<Path> configuration(TargetOptions cluster) {
        if (configuration != null) {
            return configuration;
        }
        return cluster.settingsFolders();
    }
}
