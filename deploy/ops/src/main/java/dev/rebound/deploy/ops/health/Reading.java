package dev.rebound.deploy.ops.health;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found: a value, or why there is none.
 *
 * @param problem why the component did not answer
 */
record Reading<T>(@Nullable T value, @Nullable String problem) {

    static <T> Reading<T> of(T value) {
        return new Reading<>(value, null);
    }

    static <T> Reading<T> failed(String problem) {
        return new Reading<>(null, problem);
    }

    Optional<T> get() {
        return Optional.ofNullable(value);
    }
}
