package dev.rebound.operators.ingest;

import dev.rebound.schemas.DeadLetter;
import org.jspecify.annotations.Nullable;

/** What a source makes of one Kafka record: a value of the stream, or a dead letter. Exactly one of them is set. */
public final class Decoded<T> {
    public @Nullable T value;
    public @Nullable DeadLetter deadLetter;

    Decoded<T> of(T decoded) {
        value = decoded;
        deadLetter = null;
        return this;
    }

    Decoded<T> of(DeadLetter letter) {
        value = null;
        deadLetter = letter;
        return this;
    }
}
