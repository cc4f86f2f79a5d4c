package dev.rebound.operators.ingest;

import dev.rebound.schemas.DeadLetterReason;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps out times that cannot be, and brings those of clocks that are ahead back to when the record came: an event of
 * tomorrow would else carry the watermark there, so that what others send is late, and would stand before all that its own
 * user does until then.
 */
final class TimeBounds {
    private static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
    private static final long AHEAD_MILLIS = Duration.ofDays(1).toMillis();

    private TimeBounds() {}

    /**
     * Demands a time from 2000 on and at most a day ahead of when the broker got the record.
     *
     * @param brokerMillis the Kafka record's timestamp
     * @return the time, or if it is ahead of the record's timestamp or of this machine's clock, the earlier of these: a
     *     producer may set the timestamp by its own clock too
     */
    static long require(String field, long timeMillis, long brokerMillis) throws InvalidRecordException {
        if (timeMillis < EARLIEST || timeMillis > brokerMillis + AHEAD_MILLIS) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE,
                    field + " " + timeMillis
                            + " is not between 2000-01-01 and one day after the record's own timestamp " + brokerMillis
                            + "; it must be milliseconds since 1970-01-01 UTC");
        }
        return Math.min(timeMillis, Math.min(brokerMillis, System.currentTimeMillis()));
    }
}
