package dev.rebound.deploy.lab.events;

import java.time.Instant;

/**
 * Where the first part of a feed ends: with a number of events, or before the first event that is not before a time.
 *
 * @param events most, corrupt ones too
 * @param beforeMillis event time
 */
public record FirstPart(long events, long beforeMillis) {
    /** All of it. */
    public static final FirstPart ALL = new FirstPart(Long.MAX_VALUE, Long.MAX_VALUE);

    /** The first events. */
    public static FirstPart of(long events) {
        return new FirstPart(events, Long.MAX_VALUE);
    }

    /** What was before a time. */
    public static FirstPart before(Instant time) {
        return new FirstPart(Long.MAX_VALUE, time.toEpochMilli());
    }
}
