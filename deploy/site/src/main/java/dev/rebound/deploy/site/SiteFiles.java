package dev.rebound.deploy.site;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The file system of a site. Under one root it keeps {@code jobs/}, {@code jars/}, {@code savepoints/} and, while
 * something changes which jobs run, {@code changes/}; models are where the registry is.
 */
public final class SiteFiles {
    private static final String HADOOP = "flink.hadoop.";

    private final URI root;
    private final URI registry;
    private final Supplier<Configuration> hadoop;
    private final @Nullable KerberosLogin login;

    /** Whose files the Flink of this process reaches; guarded by the class. */
    private static @Nullable SiteFiles owner;

    private static Map<String, String> ownersSettings = Map.of();

    /**
     * @param hadoop settings of the file system alone, without Hadoop's defaults
     * @param login null where the file system asks for none
     */
    public SiteFiles(URI root, URI registry, Supplier<Configuration> hadoop, @Nullable KerberosLogin login) {
        this.root = root;
        this.registry = registry;
        this.hadoop = hadoop;
        this.login = login;
    }

    /**
     * The folder of jobs, jars and savepoints. From now on this process reaches it as the site's Flink does.
     *
     * @throws CommandFailedException if the process reaches the files of another site so: two sites may name different files
     *     alike
     */
    public Path root() {
        return ready(root);
    }

    /** The folder of all models, likewise. */
    public Path registry() {
        return ready(registry);
    }

    /** What a client of the file system needs to know, Hadoop's defaults included. */
    public Configuration hadoop() {
        Configuration whole = new Configuration();
        hadoop.get().forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
        if (login != null) {
            login.in(whole);
        }
        return whole;
    }

    /** A client of its own, which the caller closes. */
    public org.apache.hadoop.fs.FileSystem open() {
        try {
            return org.apache.hadoop.fs.FileSystem.newInstance(root, hadoop());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "Can't reach the files of the site at " + root + ": " + InnermostCause.of(e), e);
        }
    }

    /** From now on this process reaches these files, and no more those of the site before, with which nothing may be at work. */
    public void takeProcess() {
        synchronized (SiteFiles.class) {
            initialize(settings());
        }
    }

    private Path ready(URI folder) {
        synchronized (SiteFiles.class) {
            Map<String, String> settings = settings();
            if (owner == null || (owner == this && !settings.equals(ownersSettings))) {
                initialize(settings);
            } else if (!settings.equals(ownersSettings)) {
                throw new CommandFailedException("This process reaches the files of another site, at " + owner.root
                        + ", so that it can't tell those at " + root + " from them. Use one command for each site");
            }
        }
        return new Path(folder);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        hadoop.get().forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        return settings;
    }

    private void initialize(Map<String, String> settings) {
        org.apache.flink.configuration.Configuration flink = new org.apache.flink.configuration.Configuration();
        settings.forEach((key, value) -> flink.setString(HADOOP + key, value));
        if (login != null) {
            login.in(hadoop());
        }
        FileSystem.initialize(flink, null);
        owner = this;
        ownersSettings = settings;
    }
}
