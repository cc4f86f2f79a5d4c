package dev.rebound.operators.model;

import org.jspecify.annotations.Nullable;

/** A model did not score a batch. The batch is not lost: whoever called falls back. */
public final class ModelFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ModelFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
