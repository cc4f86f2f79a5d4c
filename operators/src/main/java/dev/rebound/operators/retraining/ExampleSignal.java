package dev.rebound.operators.retraining;

import org.jspecify.annotations.Nullable;

/** A training example on its way into a slice, or the erasure of a user. Mutable: the source reuses one. */
public final class ExampleSignal {
    public String userId = "";

    /** The record as it lies on its topic; null erases the user's examples of before. */
    public byte @Nullable [] value;

    /** Of the list that the item was shown in; empty in an erasure. */
    public String recommendationId = "";

    public String itemId = "";

    /** Dense features that it has. */
    public int width;

    /** Whether it is known what the user did. */
    public boolean labelled;
}
