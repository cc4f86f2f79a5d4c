package dev.rebound.operators.ingest;

import dev.rebound.schemas.DeadLetterReason;
import org.jspecify.annotations.Nullable;

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
        requireAtMost(MAX_ID_LENGTH, field, value);
        return value.toString();
    }

    /** Allows a field that is an id or a name only as long as an id may be. */
    static @Nullable String allowName(String field, @Nullable String value) throws InvalidRecordException {
        return requireAtMost(MAX_ID_LENGTH, field, value);
    }

    /** Allows a field that people write only as long as such texts are. */
    static @Nullable String allowText(String field, @Nullable String value) throws InvalidRecordException {
        return requireAtMost(MAX_TEXT_LENGTH, field, value);
    }

    /**
     * Demands an amount of money that is not negative, and so little that the sum of many is a number.
     *
     * @param minor in the currency's minor unit
     */
    static long requireAmount(String field, long minor) throws InvalidRecordException {
        if (minor < 0 || minor > MAX_AMOUNT_MINOR) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE, field + " " + minor + " is not between 0 and " + MAX_AMOUNT_MINOR);
        }
        return minor;
    }

    /** A list of as many answers with all of their reasons must be no longer than what a producer may send. */
    private static <T extends CharSequence> @Nullable T requireAtMost(int most, String field, @Nullable T value)
            throws InvalidRecordException {
        if (value != null && value.length() > most) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE,
                    field + " has " + value.length() + " characters, at most " + most + " are allowed");
        }
        return value;
    }

    private static final long MAX_AMOUNT_MINOR = 1_000_000_000_000_000L;
    private static final int MAX_ID_LENGTH = 256;
    private static final int MAX_TEXT_LENGTH = 4096;
}
