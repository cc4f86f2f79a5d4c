package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.ScheduledBackups;
import dev.rebound.deploy.control.health.AlertSender;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound backup schedule}. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description =
                "Backs up again and again until it is stopped; a failure becomes an alert on the topic `alerts`, and the"
                        + " next time is tried all the same.")
final class BackupSchedule implements Callable<Integer> {
    @Option(
            names = "--every",
            paramLabel = "TIME",
            required = true,
            converter = DurationConverter.class,
            description =
                    "From the begin of a backup to the begin of the next, such as 1h. One that takes longer delays the"
                            + " next.")
    private Duration every;

    @Option(
            names = "--full-every",
            paramLabel = "TIME",
            defaultValue = "7d",
            converter = DurationConverter.class,
            description =
                    "How old the newest full backup may be; the others are incremental (default: ${DEFAULT-VALUE}).")
    private Duration fullEvery;

    @Mixin
    private RetentionOptions retention;

    @Mixin
    private SourceOptions what;

    @Mixin
    private TargetOptions target;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        ScheduledBackups backups = new ScheduledBackups(
                target::open,
                target.hadoop(),
                () -> what.sources(target),
                fullEvery,
                retention.retention(),
                alert -> AlertSender.send(
                        cluster.kafka(), cluster.topicPrefix(), cluster.site().epoch(), alert),
                output);
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        try {
            // Only something worse than a failed backup ends it.
            schedule.scheduleAtFixedRate(backups, 0, every.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            return 0;
        } finally {
            schedule.shutdownNow();
        }
    }
}
