package dev.rebound.deploy.lab.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The jobs that are compared. */
public enum Contender {
    /** Kafka to Kafka exactly once with one keyed read-modify-write of 1 KiB an event. */
    PASS_THROUGH("dev.rebound.jobs.bench.PassThroughJob"),
    /** The recommendation job. */
    REBOUND(null),
    /** The same with one call of a plain predictor a user. */
    PER_RECORD("dev.rebound.jobs.bench.PerRecordScoringJob");

    private final @Nullable String mainClass;

    Contender(@Nullable String mainClass) {
        this.mainClass = mainClass;
    }

    /** Null for the recommendation job. */
    @Nullable
    String mainClass() {
        return mainClass;
    }

    /** Part of its topics' names. */
    String topicPart() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".";
    }
}
