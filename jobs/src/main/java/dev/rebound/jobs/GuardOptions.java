package dev.rebound.jobs;

import dev.rebound.operators.release.guard.GuardSettings;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/** The options of a job that say when a canary is rolled back or promoted. */
public final class GuardOptions {
    public static final ConfigOption<Duration> ATTRIBUTION_WINDOW = ConfigOptions.key("guard.attribution-window")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription(
                    "How long after its request, in event time, what a user does with an answer counts for the "
                            + "version that scored it; not longer than feedback.window.");
    public static final ConfigOption<Double> ALPHA = ConfigOptions.key("guard.alpha")
            .doubleType()
            .defaultValue(0.05)
            .withDescription("Probability at most that a canary as good as LIVE is ever rolled back for its clicks and "
                    + "conversions; the same for one that is called better.");
    public static final ConfigOption<Long> MIN_IMPRESSIONS = ConfigOptions.key("guard.min-impressions")
            .longType()
            .defaultValue(1000L)
            .withDescription(
                    "Impressions of the canary and of LIVE before anything is said of clicks and conversions.");
    public static final ConfigOption<Double> MAX_FAILURE_RATE = ConfigOptions.key("guard.max-failure-rate")
            .doubleType()
            .defaultValue(0.01)
            .withDescription(
                    "Share of a version's batches of the last minute or two that may fail; a canary beyond it, "
                            + "with three failures, is rolled back at once.");
    public static final ConfigOption<Double> MAX_LATENCY_FACTOR = ConfigOptions.key("guard.max-latency-factor")
            .doubleType()
            .defaultValue(3.0)
            .withDescription("How many times LIVE's p99 a canary's forward passes may take in the last minute or two, "
                    + "where that is over 5 ms.");
    public static final ConfigOption<Double> MAX_SCORE_DRIFT = ConfigOptions.key("guard.max-score-drift")
            .doubleType()
            .defaultValue(0.25)
            .withDescription("Population stability index of a version's scores against LIVE's above which an alert is "
                    + "raised.");
    public static final ConfigOption<String> PROMOTE = ConfigOptions.key("guard.promote")
            .stringType()
            .defaultValue("offer")
            .withDescription(
                    "offer or auto. A canary that is better than LIVE is offered for promotion, or becomes LIVE "
                            + "by itself.");
    public static final ConfigOption<Duration> REPORT_INTERVAL = ConfigOptions.key("guard.report-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(10))
            .withDescription("How often a report of each version is published, and clicks are decided on.");

    private static final List<String> PROMOTIONS = List.of("offer", "auto");

    private GuardOptions() {}

    /** Adds what is wrong to the errors. */
    static void check(Configuration values, List<String> errors) {
        NumberRange.check(values, ALPHA, 0.0001, 0.5, errors);
        NumberRange.check(values, MIN_IMPRESSIONS, 100, 1_000_000_000, errors);
        NumberRange.check(values, MAX_FAILURE_RATE, 0, 1, errors);
        NumberRange.check(values, MAX_LATENCY_FACTOR, 1, 1000, errors);
        NumberRange.check(values, MAX_SCORE_DRIFT, 0, 100, errors);
        if (!PROMOTIONS.contains(values.get(PROMOTE))) {
            errors.add("--" + PROMOTE.key() + " " + values.get(PROMOTE) + " is none of " + PROMOTIONS);
        }
        Duration attribution = values.get(ATTRIBUTION_WINDOW);
        if (attribution.isZero()
                || attribution.isNegative()
                || attribution.compareTo(values.get(JobOptions.FEEDBACK_WINDOW)) > 0) {
            errors.add("--" + ATTRIBUTION_WINDOW.key() + " " + attribution
                    + " must be longer than nothing and not longer" + " than --" + JobOptions.FEEDBACK_WINDOW.key()
                    + " " + values.get(JobOptions.FEEDBACK_WINDOW));
        }
        if (values.get(REPORT_INTERVAL).compareTo(Duration.ofMillis(100)) < 0) {
            errors.add("--" + REPORT_INTERVAL.key() + " " + values.get(REPORT_INTERVAL) + " is less than 100 ms");
        }
    }

    /** What valid options mean. */
    static GuardSettings settings(Configuration values) {
        return new GuardSettings(
                values.get(ALPHA),
                values.get(MIN_IMPRESSIONS),
                values.get(MAX_FAILURE_RATE),
                values.get(MAX_LATENCY_FACTOR),
                values.get(MAX_SCORE_DRIFT),
                values.get(PROMOTE).equals("auto"),
                values.get(REPORT_INTERVAL));
    }
}
