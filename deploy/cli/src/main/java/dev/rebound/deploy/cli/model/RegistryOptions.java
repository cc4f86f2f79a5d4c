package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.terminal.ChosenSite;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where models are kept: a folder on any file system of Flink's. */
public final class RegistryOptions {
    static final String DEFAULT_MODEL = "ranker";

    @Option(names = "--registry", paramLabel = "URI", description = "Folder of all models; default: that of the site.")
    private @Nullable String registry;

    @Mixin
    private ChosenSite site;

    /** The folder, its file system ready for use. */
    public Path registry() {
        return registry != null ? new Path(registry) : site.site().files().registry();
    }

    /** Whether it is that of the site, of whose savepoints and checkpoints it is known where they are. */
    boolean isOfSite() {
        return registry == null;
    }
}
