package dev.rebound.deploy.cli.doctor;

import dev.rebound.deploy.control.health.HealthLimits;
import dev.rebound.deploy.terminal.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What is too old, too slow or too often. */
final class LimitOptions {
    @Option(
            names = "--max-backup-age",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Age of the newest verified backup (default: 26h).")
    private @Nullable Duration backupAge;

    @Option(
            names = "--max-transaction-share",
            paramLabel = "SHARE",
            description =
                    "Part of its own timeout that a transaction of a job may be open, above 0 to 1 (default: 0.5).")
    private @Nullable Double transactionShare;

    @Option(
            names = "--max-readers-held",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "How long readers of committed records may get nothing of what is there; default: five checkpoint"
                            + " intervals, at least a minute.")
    private @Nullable Duration readersHeld;

    @Option(
            names = "--max-watermark-lag",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long event time may fall behind the clock while records come (default: 5m).")
    private @Nullable Duration watermarkLag;

    @Option(
            names = "--max-restarts",
            paramLabel = "N",
            description =
                    "Restarts of a job within 10 minutes, without a cause that is seen, from which on they are told"
                            + " (default: 3).")
    private @Nullable Integer restarts;

    @Option(
            names = "--max-answer-time",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "From a request to its answer, at the 99th percentile (default: 2s).")
    private @Nullable Duration answerTime;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    /** @throws ParameterException if one is out of range */
    HealthLimits limits() {
        HealthLimits normal = HealthLimits.DEFAULT;
        try {
            return new HealthLimits(
                    backupAge == null ? normal.backupAge() : backupAge,
                    transactionShare == null ? normal.transactionShare() : transactionShare,
                    readersHeld == null ? normal.readersHeld() : readersHeld,
                    watermarkLag == null ? normal.watermarkLag() : watermarkLag,
                    restarts == null ? normal.restarts() : restarts,
                    answerTime == null ? normal.answerTime() : answerTime);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
