package dev.rebound.jobs;

import dev.rebound.operators.ranking.BusinessRules;
import dev.rebound.operators.ranking.BusinessRules.Boost;
import dev.rebound.operators.ranking.BusinessRules.Subject;
import dev.rebound.operators.ranking.PolicySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/** The options of a job that say what is shown of what was scored. */
public final class PolicyOptions {
    public static final ConfigOption<Float> DIVERSITY = ConfigOptions.key("ranking.diversity")
            .floatType()
            .defaultValue(0.2f)
            .withDescription("How strongly the categories of a HOME page are mixed, from 0 (off) to 0.99: each further "
                    + "item of a category counts for 1 - this of the one before.");
    public static final ConfigOption<Integer> MAX_PER_CATEGORY = ConfigOptions.key("ranking.max-per-category")
            .intType()
            .defaultValue(10)
            .withDescription("Most items of one leaf category on a HOME page.");
    public static final ConfigOption<Boolean> NEW_ITEM = ConfigOptions.key("ranking.new-item")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether the last place of a HOME page goes to a new item of the user's categories where "
                    + "none made it by its score; not together with ranking.exploration.");
    public static final ConfigOption<Integer> SHOWN_CAP = ConfigOptions.key("ranking.shown-cap")
            .intType()
            .defaultValue(5)
            .withDescription("How often an item is shown to a user, by IMPRESSION events, without being taken, before "
                    + "it stands behind all others; 0 is no cap.");
    public static final ConfigOption<Duration> SHOWN_WINDOW = ConfigOptions.key("ranking.shown-window")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription(
                    "How long an item stays behind all others by ranking.shown-cap after it was shown last, in "
                            + "event time.");
    public static final ConfigOption<Float> EXPLORATION = ConfigOptions.key("ranking.exploration")
            .floatType()
            .defaultValue(0f)
            .withDescription("Share of the places of a page that chance gives to a candidate, new ones favoured, from "
                    + "0 (off) to 0.5. The propensity of each item is written with it.");
    public static final ConfigOption<List<String>> EXCLUDE = ConfigOptions.key("ranking.exclude")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("What is never shown: category:NAME, brand:NAME or item:ID, separated by semicolons.");
    public static final ConfigOption<List<String>> BOOST = ConfigOptions.key("ranking.boost")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Factors on the odds of items, such as category:books=1.5;brand:acme=0.5.");
    public static final ConfigOption<List<String>> PIN = ConfigOptions.key("ranking.pin")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("What comes first on a HOME page, such as item:i42;category:books. Items by id are "
                    + "candidates of every user, at most 10.");
    public static final ConfigOption<Long> MIN_PRICE = ConfigOptions.key("ranking.min-price")
            .longType()
            .defaultValue(0L)
            .withDescription("Items that are known to be cheaper are never shown, in the currency's minor unit.");
    public static final ConfigOption<Integer> MAX_PER_BRAND = ConfigOptions.key("ranking.max-per-brand")
            .intType()
            .defaultValue(10)
            .withDescription("Most items of one brand on a page that is not a search or of given candidates.");

    private static final int MOST_PINNED_ITEMS = 10;
    private static final float MOST_DIVERSITY = 0.99f;
    private static final float MOST_EXPLORATION = 0.5f;

    /** Under which the order is that of scores. */
    private static final Map<String, String> BY_SCORE = Map.of(
            DIVERSITY.key(), "0",
            NEW_ITEM.key(), "false",
            SHOWN_CAP.key(), "0");

    private PolicyOptions() {}

    /** Adds what is wrong to the errors. */
    static void check(Configuration values, List<String> errors) {
        NumberRange.check(values, DIVERSITY, 0, MOST_DIVERSITY, errors);
        NumberRange.check(values, MAX_PER_CATEGORY, 1, 100, errors);
        NumberRange.check(values, SHOWN_CAP, 0, 100, errors);
        NumberRange.check(values, EXPLORATION, 0, MOST_EXPLORATION, errors);
        NumberRange.check(values, MIN_PRICE, 0, Long.MAX_VALUE, errors);
        NumberRange.check(values, MAX_PER_BRAND, 1, 100, errors);
        if (values.get(SHOWN_WINDOW).isZero() || values.get(SHOWN_WINDOW).isNegative()) {
            errors.add("--" + SHOWN_WINDOW.key() + " must be longer than nothing, such as 1 d");
        }
        parse(values, EXCLUDE, Subject::parse, errors);
        parse(values, BOOST, Boost::parse, errors);
        List<Subject> pinned = parse(values, PIN, Subject::parse, errors);
        if (pinned.size() > MOST_PINNED_ITEMS) {
            errors.add("--" + PIN.key() + " has " + pinned.size() + " entries, allowed are " + MOST_PINNED_ITEMS);
        }
    }

    private static <T> List<T> parse(
            Configuration values, ConfigOption<List<String>> option, Function<String, T> parser, List<String> errors) {
        List<T> parsed = new ArrayList<>();
        for (String text : values.getOptional(option).orElse(List.of())) {
            try {
                parsed.add(parser.apply(text));
            } catch (IllegalArgumentException e) {
                errors.add("--" + option.key() + " " + e.getMessage());
            }
        }
        return List.copyOf(parsed);
    }

    /** What valid options mean. */
    static PolicySettings settings(Configuration values) {
        BusinessRules rules = new BusinessRules(
                parse(values, EXCLUDE, Subject::parse, new ArrayList<>()),
                parse(values, BOOST, Boost::parse, new ArrayList<>()),
                parse(values, PIN, Subject::parse, new ArrayList<>()),
                values.get(MIN_PRICE),
                values.get(MAX_PER_BRAND));
        return new PolicySettings(
                values.get(DIVERSITY),
                values.get(MAX_PER_CATEGORY),
                values.get(NEW_ITEM),
                values.get(SHOWN_CAP),
                values.get(SHOWN_WINDOW),
                values.get(EXPLORATION),
                rules);
    }

    /**
     * Reads options in the short form {@code diversity=0.2,shown-cap=3}; those left out are off.
     *
     * @throws IllegalArgumentException naming everything that is wrong
     */
    public static PolicySettings parse(String text) {
        Configuration values = Configuration.fromMap(BY_SCORE);
        List<String> errors = new ArrayList<>();
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String key = "ranking." + (equals < 0 ? option : option.substring(0, equals));
            if (equals < 0
                    || JobOptions.all().stream().noneMatch(each -> each.key().equals(key))) {
                errors.add(
                        "'" + option + "' is not an option of the policy; write them like diversity=0.2,shown-cap=3");
            } else {
                values.setString(key, option.substring(equals + 1));
            }
        }
        JobOptions.all().forEach(option -> JobOptions.check(values, option, errors));
        if (errors.isEmpty()) {
            check(values, errors);
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", errors));
        }
        return settings(values);
    }
}
