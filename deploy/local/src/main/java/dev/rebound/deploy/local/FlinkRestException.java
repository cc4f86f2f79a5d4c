package dev.rebound.deploy.local;

/** Flink's REST API could not be reached, or refused a request. */
public final class FlinkRestException extends StackException {

    FlinkRestException(String message) {
        super(message);
    }

    FlinkRestException(String message, Throwable cause) {
        super(message, cause);
    }
}
