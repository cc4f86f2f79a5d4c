package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.StandbyCopier;
import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.SiteMirror;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound dr standby}. */
@Command(
        name = "standby",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps the site ready to take over from the primary, until it is stopped or the site takes over: mirrors the"
                    + " topics, and copies checkpoints, models and jars.",
            "See how far it is with: rebound dr status"
        })
final class DrStandby implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How often it looks for a new checkpoint (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Mixin
    private PrimaryOption sites;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Site primary = sites.primary();
        Site standby = sites.standby();
        SiteMirror process = LocalMirror.to(standby);
        StandbyMirror mirror = new StandbyMirror(process, standby.kafka(), primary.name());
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        try (StandbyCopier copier = new StandbyCopier(primary, standby, output)) {
            copier.requireOwnTopics(mirror.positions());
            schedule.scheduleWithFixedDelay(
                            () -> round(copier, process, mirror, primary), 0, every.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            return 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailedException refused) {
                throw refused;
            }
            throw e;
        } finally {
            schedule.shutdownNow();
        }
    }

    /** A mirror that has died is started again, and so is one of which a part has failed: that part would stay so. */
    private void keepRunning(SiteMirror process, Site primary, StandbyCopier copier) {
        if (process.isRunning()) {
            process.problem().ifPresent(problem -> {
                output.progress("the mirror is started again, since " + problem);
                process.stop(GRACE);
            });
        }
        process.start(primary, copier::requireStandingBy);
    }

    private void round(StandbyCopier copier, SiteMirror process, StandbyMirror mirror, Site primary) {
        copier.requireStandingBy();
        try {
            keepRunning(process, primary, copier);
            StandbyCopier.Round round = copier.round();
            if (round.copied() != null) {
                output.progress(String.format(
                        Locale.ROOT, "copied %s: %,d bytes in %.1f s", round.copied(), round.bytes(), round.seconds()));
                copier.prune(mirror.positions());
            }
        } catch (CommandFailedException | UncheckedIOException e) {
            // The primary may be gone, for a moment or for good: the standby waits for it, or for the command to take
            // over.
            output.progress("not copied: " + e.getMessage());
        }
    }
}
