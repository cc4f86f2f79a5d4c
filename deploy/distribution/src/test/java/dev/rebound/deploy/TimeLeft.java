package dev.rebound.deploy;

import java.time.Instant;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Long tests begin only while there is time for them: until the seconds since 1970 of {@code REBOUND_LONG_TESTS_UNTIL}, where that is
 * set. On a slow machine the CI then says which did not run, instead of being cut off in the middle of one.
 */
final class TimeLeft implements ExecutionCondition {
    private static final String UNTIL = "REBOUND_LONG_TESTS_UNTIL";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String until = System.getenv(UNTIL);
        if (until == null) {
            return ConditionEvaluationResult.enabled("no limit");
        }
        Instant limit = Instant.ofEpochSecond(Long.parseLong(until));
        if (Instant.now().isBefore(limit)) {
            return ConditionEvaluationResult.enabled("there is time until " + limit);
        }
        String message = "NOT RUN, since there was time until " + limit + " only: " + context.getUniqueId();
        System.out.println(message);
        return ConditionEvaluationResult.disabled(message);
    }
}
