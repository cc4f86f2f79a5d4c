package dev.rebound.jobs;

import dev.rebound.operators.scoring.ScoringSettings;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/** The options of {@link JobOptions} that say how users are scored together, and what is left out under overload. */
public final class ScoringOptions {
    public static final ConfigOption<Integer> BATCH_SIZE = ConfigOptions.key("scoring.batch-size")
            .intType()
            .defaultValue(64)
            .withDescription("Most users in a forward pass.");
    public static final ConfigOption<Duration> MAX_DELAY = ConfigOptions.key("scoring.max-delay")
            .durationType()
            .defaultValue(Duration.ofMillis(20))
            .withDescription("How long a user waits at most for the batch to fill.");
    public static final ConfigOption<Integer> CANDIDATES = ConfigOptions.key("scoring.candidates")
            .intType()
            .defaultValue(100)
            .withDescription("Candidates a user, at most.");
    public static final ConfigOption<Duration> MOST_WAIT = ConfigOptions.key("scoring.max-wait")
            .durationType()
            .defaultValue(Duration.ofSeconds(2))
            .withDescription(
                    "While nine in ten events and requests of a second have waited longer than this until they are "
                            + "scored, less work is done for each: one step of the ladder a second. 0 for never.");
    public static final ConfigOption<Duration> REPLAY_AGE = ConfigOptions.key("scoring.replay-age")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Events and requests older than this are a replay, for which nobody waits.");
    public static final ConfigOption<Double> SHADOW_COST = ConfigOptions.key("model.shadow-cost")
            .doubleType()
            .defaultValue(1.0)
            .withDescription("Time that a SHADOW version may take, as a multiple of the LIVE version's. Users for whom "
                    + "it would take more are left out and counted.");

    private ScoringOptions() {}

    /** Adds an error for each option that makes no sense. */
    static void check(Configuration values, List<String> errors) {
        NumberRange.check(values, BATCH_SIZE, 1, 4096, errors);
        NumberRange.check(values, CANDIDATES, 10, 1000, errors);
        NumberRange.check(values, SHADOW_COST, 0, 100, errors);
        Duration mostWait = values.get(MOST_WAIT);
        if (mostWait.isNegative() || mostWait.compareTo(values.get(REPLAY_AGE)) >= 0) {
            errors.add("--" + MOST_WAIT.key() + " " + mostWait + " is not between 0 and --" + REPLAY_AGE.key() + " "
                    + values.get(REPLAY_AGE));
        }
    }

    /** What valid options mean. */
    static ScoringSettings settings(Configuration values) {
        return new ScoringSettings(
                values.get(BATCH_SIZE),
                values.get(MAX_DELAY),
                values.get(CANDIDATES),
                PolicyOptions.settings(values),
                values.get(JobOptions.SITE_EPOCH),
                values.get(JobOptions.EXPOSURE_FLOOR),
                values.get(SHADOW_COST),
                values.get(MOST_WAIT),
                values.get(REPLAY_AGE));
    }
}
