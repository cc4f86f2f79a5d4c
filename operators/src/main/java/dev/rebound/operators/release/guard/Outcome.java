package dev.rebound.operators.release.guard;

/** What a version is compared by; each is counted once for an item that was seen. */
public enum Outcome {
    /** The item was taken: viewed, clicked, made a favourite, put into the cart or bought. */
    CLICK,
    /** The item was put into the cart or bought. */
    CONVERSION
}
