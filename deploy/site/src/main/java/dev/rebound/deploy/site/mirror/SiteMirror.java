package dev.rebound.deploy.site.mirror;

import dev.rebound.deploy.site.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What copies the topics of another site to this one: committed records only, each once, under the same names and in the same
 * partitions. A process of this machine that outlives the command that started it.
 */
public interface SiteMirror {

    /**
     * Starts to copy, from where it was left, else from the oldest record; returns when the connector runs. One that copies from
     * that site already goes on.
     *
     * @throws dev.rebound.deploy.site.CommandFailedException if it copies from another site, or does not start
     */
    default void start(Site from) {
        start(from, () -> {});
    }

    /**
     * The same, if it may.
     *
     * @param check throws where it may not; called when nobody else can stop it until it has started, so that whoever forbids it
     *     first and stops it then can be sure that it does not run
     */
    void start(Site from, Runnable check);

    /** Asks it to end, and kills it when it takes longer than that. What it has copied and not committed is never seen. */
    void stop(Duration grace);

    boolean isRunning();

    /** The name of the site that it copies from, or did before it was stopped; empty if it was never started. */
    Optional<String> source();

    /** What keeps one that runs from copying; empty if it is well. */
    Optional<String> problem();

    Path log();
}
