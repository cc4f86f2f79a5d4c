package dev.rebound.schemas;

import org.apache.avro.specific.SpecificRecord;

/** Every topic of Rebound, with the record that travels on it. */
public enum Topic {
    BEHAVIOUR_EVENTS("behaviour-events", BehaviourEvent.class, false),
    CATALOG_UPDATES("catalog-updates", CatalogItem.class, true),
    CAMPAIGNS("campaigns", Campaign.class, true),
    RECOMMENDATION_REQUESTS("recommendation-requests", RecommendationRequest.class, false),
    MODEL_RELEASES("model-releases", ModelRelease.class, true),
    RECOMMENDATIONS("recommendations", Recommendation.class, false),
    RECOMMENDATION_RESPONSES("recommendation-responses", Recommendation.class, false),
    USER_PROFILES("user-profiles", UserProfile.class, true),
    TRAINING_EXAMPLES("training-examples", TrainingExample.class, false),
    DEAD_LETTERS("dead-letters", DeadLetter.class, false),
    ALERTS("alerts", Alert.class, false),
    RELEASE_DECISIONS("release-decisions", ReleaseDecision.class, false),
    MODEL_REPORTS("model-reports", ModelReport.class, true),
    SITE_EPOCHS("site-epochs", SiteEpoch.class, true);

    /** What stands before every topic's name unless configured otherwise. */
    public static final String DEFAULT_PREFIX = "rebound.";

    private final String shortName;
    // The class and not its schema: the JobManager loads this too, and Avro, once initialised in one of its threads,
    // would hold
    // on to the job's class loader.
    private final Class<? extends SpecificRecord> recordType;
    private final boolean compacted;

    Topic(String shortName, Class<? extends SpecificRecord> recordType, boolean compacted) {
        this.shortName = shortName;
        this.recordType = recordType;
        this.compacted = compacted;
    }

    /** The name on the broker. */
    public String topicName(String prefix) {
        return prefix + shortName;
    }

    /** The name without a prefix. */
    public String shortName() {
        return shortName;
    }

    /** The record that travels on it. */
    public Class<? extends SpecificRecord> recordType() {
        return recordType;
    }

    /** Whether only the newest record of a key is kept; a null value then removes the key. */
    public boolean compacted() {
        return compacted;
    }
}
