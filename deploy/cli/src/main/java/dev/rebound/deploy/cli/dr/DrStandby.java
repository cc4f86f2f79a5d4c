package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.control.dr.Rehearsals;
import dev.rebound.deploy.control.dr.Rejoin;
import dev.rebound.deploy.control.dr.StandbyCopier;
import dev.rebound.deploy.control.dr.StandbyMirror;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
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
import org.apache.kafka.common.KafkaException;
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
            "A site that was taken over from stands by for the one that took over: its jobs of the old epoch are ended, and"
                    + " inputs that it took and that had not arrived are sent there.",
            "See how far it is with: rebound dr status"
        })
final class DrStandby implements Callable<Integer> {
    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How often it looks for a new checkpoint (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Option(
            names = "--rehearse-every",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = DurationConverter.OrZero.class,
            description =
                    "How often a take-over is rehearsed: the job is started on the site from the newest copy, with its"
                            + " outputs thrown away, and ended again (default: ${DEFAULT-VALUE}; 0s: never).")
    private Duration rehearseEvery;

    @Mixin
    private PrimaryOption sites;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Site primary = sites.primary();
        Site standby = sites.standby();
        StandbyMirror mirror = sites.mirror();
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        boolean wasPrimary = new Rejoin(primary, standby, output).run();
        try (StandbyCopier copier = new StandbyCopier(primary, standby, output);
                Rehearsals rehearsals =
                        new Rehearsals(standby, mirror, rehearseEvery, copier::requireStandingBy, output)) {
            if (!wasPrimary) {
                copier.requireOwnTopics(mirror.positions());
            }
            copier.standBy();
            schedule.scheduleWithFixedDelay(
                            () -> round(copier, rehearsals, mirror, primary),
                            0,
                            every.toMillis(),
                            TimeUnit.MILLISECONDS)
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

    private void round(StandbyCopier copier, Rehearsals rehearsals, StandbyMirror mirror, Site primary) {
        copier.requireStandingBy();
        try {
            mirror.keepRunning(primary, copier::requireStandingBy, output);
            StandbyCopier.Round round = copier.round();
            if (round.copied() != null) {
                output.progress(String.format(
                        Locale.ROOT, "copied %s: %,d bytes in %.1f s", round.copied(), round.bytes(), round.seconds()));
            }
            if (round.copied() != null && !rehearsals.areRunning()) {
                copier.prune(mirror.positions());
            }
            rehearsals.keepUp();
        } catch (CommandFailedException | UncheckedIOException | KafkaException e) {
            // The primary may be gone, for a moment or for good: the standby waits for it, or for the command to take
            // over.
            output.progress("not copied: " + e.getMessage());
        }
    }
}
