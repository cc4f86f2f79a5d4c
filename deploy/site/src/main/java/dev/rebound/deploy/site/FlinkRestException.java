package dev.rebound.deploy.site;

/** Flink's REST API could not be reached, or refused a request. */
public final class FlinkRestException extends CommandFailedException {
    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;

    private final boolean refusal;
    private final boolean notFound;

    /** The cluster refused the request. */
    FlinkRestException(String message, int status) {
        super(message);
        this.refusal = true;
        this.notFound = status == NOT_FOUND;
    }

    FlinkRestException(String message, Throwable cause) {
        super(message, cause);
        this.refusal = false;
        this.notFound = false;
    }

    /** Whether the cluster is there and refused the request: it knows no such job, or can say nothing of it yet. */
    public boolean isRefusal() {
        return refusal;
    }

    /** Whether the cluster has said that there is no such job. */
    public boolean isNotFound() {
        return notFound;
    }
}
