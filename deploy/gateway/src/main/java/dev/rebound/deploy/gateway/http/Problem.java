package dev.rebound.deploy.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not served, as in the JSON (RFC 9457, application/problem+json).
 *
 * @param status of HTTP
 * @param title the kind of it, the same each time
 * @param detail what is wrong with this request and what to do
 * @param field of the body that is wrong, such as {@code events[3].userId}; null where it is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        int status, String title, String detail, @Nullable String field) {
    /** The request is wrong in itself, and will be when it is sent again. */
    static Problem ofField(String field, String detail) {
        return new Problem(400, "Bad request", detail, field);
    }

    static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, null);
    }

    /** Stops the handling of a request. */
    static final class Found extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Found(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
