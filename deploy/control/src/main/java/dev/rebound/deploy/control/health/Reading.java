package dev.rebound.deploy.control.health;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found: a value, or why there is none.
 *
 * @param problem why the component did not answer
 * @param notChecked why nobody asked
 */
record Reading<T>(
        @Nullable T value,
        @Nullable String problem,
        @Nullable String notChecked) {

    static <T> Reading<T> of(T value) {
        return new Reading<>(value, null, null);
    }

    static <T> Reading<T> failed(String problem) {
        return new Reading<>(null, problem, null);
    }

    static <T> Reading<T> notChecked(String reason) {
        return new Reading<>(null, null, reason);
    }

    Optional<T> get() {
        return Optional.ofNullable(value);
    }
}
