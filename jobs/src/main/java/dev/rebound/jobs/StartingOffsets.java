package dev.rebound.jobs;

import dev.rebound.schemas.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/**
 * Where sources begin that have no state: {@code topic:partition=offset,partition=offset;topic:...}, topics by their short
 * names. Partitions that are not named begin at their beginning.
 */
record StartingOffsets(Map<Topic, Map<Integer, Long>> byTopic) {
    private static final Map<String, Topic> INPUTS = Stream.of(
                    Topic.BEHAVIOUR_EVENTS,
                    Topic.RECOMMENDATION_REQUESTS,
                    Topic.CATALOG_UPDATES,
                    Topic.CAMPAIGNS,
                    Topic.MODEL_RELEASES,
                    Topic.TRAINING_EXAMPLES)
            .collect(Collectors.toMap(Topic::shortName, topic -> topic));

    /** @throws IllegalArgumentException naming what is wrong with the text */
    static StartingOffsets parse(String text) {
        Map<Topic, Map<Integer, Long>> byTopic = new EnumMap<>(Topic.class);
        if (!text.isBlank()) {
            for (String part : text.split(";", -1)) {
                addTopic(part.strip(), byTopic);
            }
        }
        return new StartingOffsets(byTopic);
    }

    private static void addTopic(String part, Map<Topic, Map<Integer, Long>> byTopic) {
        int colon = part.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + part + "' is not of the form topic:partition=offset,...");
        }
        String name = part.substring(0, colon).strip();
        Topic topic = INPUTS.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("'" + name + "' is none of the topics that jobs read, "
                    + INPUTS.keySet().stream().sorted().toList() + ", without their prefix");
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String pair : part.substring(colon + 1).split(",", -1)) {
            addPartition(name, pair.strip(), offsets);
        }
        if (byTopic.put(topic, offsets) != null) {
            throw new IllegalArgumentException("'" + name + "' is there twice");
        }
    }

    private static void addPartition(String topic, String pair, Map<Integer, Long> offsets) {
        int equals = pair.indexOf('=');
        try {
            int partition =
                    Integer.parseInt(pair.substring(0, Math.max(equals, 0)).strip());
            long offset = Long.parseLong(pair.substring(equals + 1).strip());
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException("'" + pair + "' of " + topic + " has a number below 0");
            }
            if (offsets.put(partition, offset) != null) {
                throw new IllegalArgumentException("partition " + partition + " of " + topic + " is there twice");
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + pair + "' of " + topic + " is not of the form partition=offset", e);
        }
    }

    /** Where the source of a topic begins. */
    OffsetsInitializer of(Topic topic) {
        Map<Integer, Long> offsets = byTopic.get(topic);
        return offsets == null ? new BeginningOffsets() : new NamedOffsets(offsets);
    }
}
