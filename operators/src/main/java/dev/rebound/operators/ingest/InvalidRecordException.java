package dev.rebound.operators.ingest;

import dev.rebound.schemas.DeadLetterReason;

/** A record that was decoded but says something that cannot be. Becomes a dead letter. */
final class InvalidRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;

    InvalidRecordException(DeadLetterReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    DeadLetterReason reason() {
        return reason;
    }

    /** Demands a field that is not empty and no longer than an id may be. */
    static String requireId(String field, CharSequence value) throws InvalidRecordException {
        if (value == null || value.isEmpty()) {
            throw new InvalidRecordException(
                    DeadLetterReason.MISSING_FIELD, field + " is empty; the producer must set it");
        }
        if (value.length() > MAX_ID_LENGTH) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE,
                    field + " has " + value.length() + " characters, at most " + MAX_ID_LENGTH + " are allowed");
        }
        return value.toString();
    }

    private static final int MAX_ID_LENGTH = 256;
}
