package dev.rebound.deploy.lab.replay;

import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.Map;

/** How many records were sent to each topic, all of them acknowledged. */
public record SentCounts(Map<Topic, Long> byTopic, Duration took) {
    public SentCounts {
        byTopic = Map.copyOf(byTopic);
    }

    public long events() {
        return byTopic.getOrDefault(Topic.BEHAVIOUR_EVENTS, 0L);
    }

    public long requests() {
        return byTopic.getOrDefault(Topic.RECOMMENDATION_REQUESTS, 0L);
    }

    public long catalogChanges() {
        return byTopic.getOrDefault(Topic.CATALOG_UPDATES, 0L);
    }

    public double eventsPerSecond() {
        return events() / Math.max(1e-9, took.toNanos() / 1e9);
    }
}
