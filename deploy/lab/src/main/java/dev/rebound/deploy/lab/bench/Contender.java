package dev.rebound.deploy.ops.bench;

import java.util.Locale;

/** The jobs that are compared. */
enum Contender {
    /** Kafka to Kafka exactly once with one keyed read-modify-write of 1 KiB an event. */
    PASS_THROUGH("dev.rebound.jobs.bench.PassThroughJob"),
    /** The recommendation job. */
    REBOUND("dev.rebound.jobs.RecommendationJob"),
    /** The same with one call of a plain predictor a user. */
    PER_RECORD("dev.rebound.jobs.bench.PerRecordScoringJob");

    private final String mainClass;

    Contender(String mainClass) {
        this.mainClass = mainClass;
    }

    String mainClass() {
        return mainClass;
    }

    /** Part of its topics' names. */
    String topicPart() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".";
    }
}
