package dev.rebound.operators.ingest;

import dev.rebound.schemas.DeadLetter;
import org.jspecify.annotations.Nullable;

/** What a source makes of one Kafka record: a value of the stream, or a dead letter. Exactly one of them is set. */
public final class Decoded<T> {
    public @Nullable T value;
    public @Nullable DeadLetter deadLetter;
    /** Of the dead letter, the same on whichever site it is made; 0 beside a value. */
    public long deadLetterId;

    Decoded<T> of(T decoded) {
        value = decoded;
        deadLetter = null;
        deadLetterId = 0;
        return this;
    }

    Decoded<T> of(DeadLetter letter, long id) {
        value = null;
        deadLetter = letter;
        deadLetterId = id;
        return this;
    }
}
