package dev.rebound.schemas;

/** A record's bytes that no known schema explains. Carries the reason that its dead letter will name. */
public final class UndecodableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;

    public UndecodableRecordException(DeadLetterReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public UndecodableRecordException(DeadLetterReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public DeadLetterReason reason() {
        return reason;
    }
}
