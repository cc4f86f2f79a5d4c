package dev.rebound.checkpoints;

/** Where a configuration runs; some rules are strict in production only. */
public enum Environment {
    /** Processes of one machine, whose loss loses everything anyway. */
    LOCAL,
    /** A site that others depend on. */
    PRODUCTION
}
