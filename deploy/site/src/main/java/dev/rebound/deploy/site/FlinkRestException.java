package dev.rebound.deploy.local;

/** Flink's REST API could not be reached, or refused a request. */
public final class FlinkRestException extends StackException {
    private final boolean refusal;

    /** The cluster refused the request. */
    FlinkRestException(String message) {
        super(message);
        this.refusal = true;
    }

    FlinkRestException(String message, Throwable cause) {
        super(message, cause);
        this.refusal = false;
    }

    /** Whether the cluster is there and refused the request: it knows no such job, or can say nothing of it yet. */
    public boolean isRefusal() {
        return refusal;
    }
}
