package dev.rebound.deploy.site.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.deploy.site.topics.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a mirror says of its connector and tasks, in a topic of the target. A task that fails is not started again by itself. */
public final class MirrorStatus {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECTOR = "status-connector-" + MirrorTopics.CONNECTOR;
    private static final String TASK = "status-task-" + MirrorTopics.CONNECTOR + "-";

    private MirrorStatus() {}

    /**
     * What keeps the mirror from copying; empty if nothing does.
     *
     * @param since of this moment and later: when its process was started
     */
    public static Optional<String> problem(KafkaCluster target, String source, Instant since) {
        String topic = MirrorTopics.status(source);
        if (!TopicNames.exist(target, topic)) {
            return Optional.of("it has not made its topic " + topic + " yet");
        }
        Map<String, JsonNode> newest = new TreeMap<>();
        try (TopicReader reader = new TopicReader(target, List.of(topic))) {
            reader.readToEnd(record -> {
                if (record.timestamp() >= since.toEpochMilli()) {
                    keep(record, newest);
                }
            });
        }
        if (!state(newest.get(CONNECTOR)).equals("RUNNING")) {
            return Optional.of("its connector is " + state(newest.get(CONNECTOR)) + ", must be RUNNING");
        }
        return newest.entrySet().stream()
                .filter(status -> status.getKey().startsWith(TASK)
                        && state(status.getValue()).equals("FAILED"))
                .map(status -> "its task " + status.getKey().substring(TASK.length()) + " has failed: "
                        + firstLine(status.getValue().path("trace").asText()))
                .findFirst();
    }

    private static void keep(ConsumerRecord<byte[], byte[]> record, Map<String, JsonNode> newest) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            newest.remove(key);
            return;
        }
        try {
            newest.put(key, JSON.readTree(record.value()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The status " + key + " at offset " + record.offset() + " of " + record.topic() + " is no JSON", e);
        }
    }

    private static String state(@Nullable JsonNode status) {
        return status == null ? "not started" : status.path("state").asText();
    }

    private static String firstLine(String trace) {
        return trace.lines().findFirst().orElse("no trace");
    }
}
