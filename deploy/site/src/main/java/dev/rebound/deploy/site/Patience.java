package dev.rebound.deploy.site;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.failsafe.function.CheckedRunnable;
import dev.failsafe.function.CheckedSupplier;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Asks again and again until the answer will do. Once the limit has passed, the last answer is given, whatever it is.
 *
 * @param limit one that is not longer than the pause is enough for one question
 * @param pause between two questions
 * @param borne failures to ask again after; any other ends it, as does one of these that comes last
 */
public record Patience(Duration limit, Duration pause, Predicate<Throwable> borne) {

    /** One that bears no failure. */
    public static Patience of(Duration limit, Duration pause) {
        return new Patience(limit, pause, failure -> false);
    }

    /** One for questions to Flink, which may not answer, or refuse, while a job begins or a leader changes. */
    public static Patience withFlink(Duration limit, Duration pause) {
        return of(limit, pause).bearing(FlinkRestException.class::isInstance);
    }

    /** The same with other failures to ask again after. */
    public Patience bearing(Predicate<Throwable> failures) {
        return new Patience(limit, pause, failures);
    }

    /** The first answer that will do, else the last one. */
    public <T> T get(CheckedSupplier<T> question, Predicate<T> willDo) {
        RetryPolicyBuilder<T> policy = RetryPolicy.<T>builder()
                .handleIf((answer, failure) -> failure == null ? !willDo.test(answer) : borne.test(failure));
        if (pause.compareTo(limit) < 0) {
            policy.withDelay(pause).withMaxDuration(limit).withMaxRetries(-1);
        } else {
            policy.withMaxRetries(0);
        }
        return Failsafe.with(policy.build()).get(question);
    }

    /** Asks until there is an answer at all. */
    public <T> T get(CheckedSupplier<T> question) {
        return get(question, answer -> true);
    }

    /** Does it until it does not fail. */
    public void run(CheckedRunnable action) {
        get(() -> {
            action.run();
            return true;
        });
    }

    /** Waits for a condition; false if it does not hold in time. */
    public boolean until(CheckedSupplier<Boolean> condition) {
        return get(condition, holds -> holds);
    }
}
