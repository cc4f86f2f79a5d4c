package dev.rebound.operators.release.guard;

/** Why something was decided about a canary. */
enum Cause {
    FAILURES,
    SLOW,
    FEWER_CLICKS,
    FEWER_CONVERSIONS,
    MORE_CLICKS,
    MORE_CONVERSIONS;

    static Cause of(CanaryTest.Finding finding) {
        boolean clicks = finding.outcome() == Outcome.CLICK;
        return switch (finding.verdict()) {
            case WORSE -> clicks ? FEWER_CLICKS : FEWER_CONVERSIONS;
            case BETTER -> clicks ? MORE_CLICKS : MORE_CONVERSIONS;
        };
    }

    /** Whether chance can be mistaken for it. */
    boolean isStatistical() {
        return this != FAILURES && this != SLOW;
    }
}
