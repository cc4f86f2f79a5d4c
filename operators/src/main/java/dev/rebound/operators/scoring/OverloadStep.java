package dev.rebound.operators.scoring;

/** How much work a recommendation is given, the most first. Each step leaves out what the ones before it do, and more. */
public enum OverloadStep {
    /** All of it. */
    FULL,
    /** Half the candidates, no shadow, no explanations. */
    FEWER_CANDIDATES,
    /** The same by the version that is released as LIGHT, if there is one. */
    SMALLER_MODEL,
    /** What the user got last, where the page is the same and that is still known. */
    LAST_LIST,
    /** What is popular, where the user's last list is not known. */
    TRENDING;

    /** Whether the work is cut down to this step, or further. */
    boolean isReached(OverloadStep by) {
        return by.ordinal() >= ordinal();
    }

    OverloadStep next() {
        return this == TRENDING ? this : values()[ordinal() + 1];
    }

    OverloadStep before() {
        return this == FULL ? this : values()[ordinal() - 1];
    }
}
