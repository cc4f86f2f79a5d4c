package dev.rebound.deploy.lab.demo;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.schemas.Topic;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What one demo calls its own, so that it reconciles exactly though others ran on the same stack before.
 *
 * @param prefix of its topics
 * @param version of its model, unique in the registry
 */
record DemoRun(String prefix, String version) {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** The first one on a broker gets the plain prefix. */
    static DemoRun next(KafkaCluster kafka) {
        String name = NAME.format(Instant.now());
        boolean fresh = !TopicNames.exist(kafka, Topic.BEHAVIOUR_EVENTS.topicName(Topic.DEFAULT_PREFIX));
        return new DemoRun(fresh ? Topic.DEFAULT_PREFIX : Topic.DEFAULT_PREFIX + name + ".", name);
    }

    String groupId() {
        return prefix + "job";
    }
}
