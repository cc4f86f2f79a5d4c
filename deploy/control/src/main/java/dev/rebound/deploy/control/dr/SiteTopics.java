package dev.rebound.deploy.control.dr;

import dev.rebound.schemas.Topic;
import java.util.Arrays;
import java.util.List;

/** The topics that a take-over is about, by their names on the brokers. */
final class SiteTopics {
    private static final List<Topic> INPUTS = List.of(
            Topic.BEHAVIOUR_EVENTS,
            Topic.RECOMMENDATION_REQUESTS,
            Topic.CATALOG_UPDATES,
            Topic.CAMPAIGNS,
            Topic.MODEL_RELEASES);

    /** Of which each record is written once; the others may be repeated anyway. */
    private static final List<Topic> EXACTLY_ONCE =
            List.of(Topic.RECOMMENDATIONS, Topic.USER_PROFILES, Topic.TRAINING_EXAMPLES, Topic.DEAD_LETTERS);

    /** Whose records have an id, so that one that is made again is known. */
    private static final List<Topic> WITH_IDS =
            List.of(Topic.RECOMMENDATIONS, Topic.TRAINING_EXAMPLES, Topic.DEAD_LETTERS);

    private SiteTopics() {}

    static List<String> inputs(String prefix) {
        return names(INPUTS, prefix);
    }

    static List<String> exactlyOnce(String prefix) {
        return names(EXACTLY_ONCE, prefix);
    }

    static List<String> withIds(String prefix) {
        return names(WITH_IDS, prefix);
    }

    /** Whose records say of which epoch they are: all that are no inputs. */
    static List<String> outputs(String prefix) {
        return names(
                Arrays.stream(Topic.values())
                        .filter(topic -> !INPUTS.contains(topic) && topic != Topic.SITE_EPOCHS)
                        .toList(),
                prefix);
    }

    private static List<String> names(List<Topic> topics, String prefix) {
        return topics.stream().map(topic -> topic.topicName(prefix)).toList();
    }
}
