package dev.rebound.deploy.control.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is too old, too slow or too often, as whoever runs the site sees it.
 *
 * @param backupAge of the newest backup that was verified
 * @param transactionShare part of its own timeout that a transaction may be open, 0 to 1
 * @param readersHeld how long readers of committed records may be held back; null for as long as a checkpoint may be old
 * @param watermarkLag how far event time may fall behind the clock while records come
 * @param restarts of a job within {@link RestartCount#WINDOW}
 * @param answerTime from a request's record to its answer's, at the 99th percentile of a scoring task
 */
public record HealthLimits(
        Duration backupAge,
        double transactionShare,
        @Nullable Duration readersHeld,
        Duration watermarkLag,
        int restarts,
        Duration answerTime) {

    /** A backup a day and time to make it; three restarts, since one or two are a machine that went. */
    public static final HealthLimits DEFAULT =
            new HealthLimits(Duration.ofHours(26), 0.5, null, Duration.ofMinutes(5), 3, Duration.ofSeconds(2));

    /** @throws IllegalArgumentException naming what is out of range */
    public HealthLimits {
        requirePositive("backup age", backupAge);
        requirePositive("watermark lag", watermarkLag);
        requirePositive("answer time", answerTime);
        if (readersHeld != null) {
            requirePositive("time that readers are held back", readersHeld);
        }
        if (!(transactionShare > 0 && transactionShare <= 1)) {
            throw new IllegalArgumentException("The limit of the share of a transaction's timeout is "
                    + transactionShare + ", allowed is above 0 to 1");
        }
        if (restarts < 1) {
            throw new IllegalArgumentException("The limit of restarts is " + restarts + ", allowed is 1 or more");
        }
    }

    private static void requirePositive(String what, Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("The limit of the " + what + " is " + limit + ", allowed is above zero");
        }
    }
}
