package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupRetention;
import dev.rebound.deploy.terminal.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long backups stay. */
final class RetentionOptions {
    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "7",
            description = "The newest N whole backups stay (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Option(
            names = "--keep-within",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Younger ones, such as 30d, stay too.")
    private @Nullable Duration keepWithin;

    BackupRetention retention() {
        return new BackupRetention(keep, keepWithin);
    }
}
