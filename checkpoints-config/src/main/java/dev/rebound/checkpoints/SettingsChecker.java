package dev.rebound.checkpoints;

import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the contradictions between the settings of Flink, Kafka and the job before they cost data:
 * most of them show only when something fails.
 */
public final class SettingsChecker {
    private static final List<SettingsRule> RULES = Stream.<SettingsRule[]>of(
                    FlinkRule.values(), TransactionRule.values(), JobRule.values())
            .flatMap(Stream::of)
            .toList();

    private SettingsChecker() {}

    /** Everything that is wrong, errors first; empty if the settings are sound. */
    public static List<Finding> check(CheckedSettings settings) {
        return RULES.stream()
                .flatMap(rule -> findings(rule, settings))
                .sorted((left, right) -> left.severity().compareTo(right.severity()))
                .toList();
    }

    static List<SettingsRule> rules() {
        return RULES;
    }

    private static Stream<Finding> findings(SettingsRule rule, CheckedSettings settings) {
        try {
            return rule.check(settings);
        } catch (IllegalArgumentException e) {
            String found = settings.flink().toMap().getOrDefault(rule.key(), "not set");
            return Stream.of(new Finding(
                    rule.name(),
                    Finding.Severity.ERROR,
                    rule.key(),
                    found,
                    "a value that Flink can read: " + e.getMessage(),
                    "the value of flink-production.yaml"));
        }
    }
}
