package dev.rebound.deploy.ops.model;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where models are kept: a folder on any file system of Flink's. */
public final class RegistryOptions {
    static final String DEFAULT_MODEL = "ranker";

    @Option(
            names = "--registry",
            paramLabel = "URI",
            description = "Folder of all models; default: /rebound/models on the local stack's HDFS.")
    private @Nullable String registry;

    /** The folder, its file system ready for use. */
    public Path registry() {
        return registry != null ? new Path(registry) : of(ClusterOptions.localStack());
    }

    /** Whether it is the local stack's, beside the savepoints and checkpoints of its jobs. */
    boolean isLocalStack() {
        return registry == null;
    }

    /** The registry of a local stack. */
    public static Path of(LocalStack stack) {
        // The stack's Flink settings carry those of its HDFS: a single replica, for one.
        Configuration settings = FlinkSettings.read(stack.flinkConfDir());
        FileSystem.initialize(settings, null);
        return new Path(stack.hdfsUri().resolve("/rebound/models"));
    }
}
