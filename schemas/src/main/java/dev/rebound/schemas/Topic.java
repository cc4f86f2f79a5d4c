package dev.rebound.schemas;

import org.apache.avro.Schema;

/** Every topic of Rebound, with the record that travels on it. */
public enum Topic {
    BEHAVIOUR_EVENTS("behaviour-events", BehaviourEvent.getClassSchema(), false),
    CATALOG_UPDATES("catalog-updates", CatalogItem.getClassSchema(), true),
    CAMPAIGNS("campaigns", Campaign.getClassSchema(), true),
    RECOMMENDATION_REQUESTS("recommendation-requests", RecommendationRequest.getClassSchema(), false),
    MODEL_RELEASES("model-releases", ModelRelease.getClassSchema(), true),
    RECOMMENDATIONS("recommendations", Recommendation.getClassSchema(), false),
    RECOMMENDATION_RESPONSES("recommendation-responses", Recommendation.getClassSchema(), false),
    USER_PROFILES("user-profiles", UserProfile.getClassSchema(), true),
    TRAINING_EXAMPLES("training-examples", TrainingExample.getClassSchema(), false),
    DEAD_LETTERS("dead-letters", DeadLetter.getClassSchema(), false);

    /** What stands before every topic's name unless configured otherwise. */
    public static final String DEFAULT_PREFIX = "rebound.";

    private final String shortName;
    private final Schema schema;
    private final boolean compacted;

    Topic(String shortName, Schema schema, boolean compacted) {
        this.shortName = shortName;
        this.schema = schema;
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

    /** The schema that is written today. */
    public Schema schema() {
        return schema;
    }

    /** Whether only the newest record of a key is kept; a null value then removes the key. */
    public boolean compacted() {
        return compacted;
    }
}
