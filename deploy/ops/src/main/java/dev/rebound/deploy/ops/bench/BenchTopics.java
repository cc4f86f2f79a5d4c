package dev.rebound.deploy.ops.bench;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.topics.TopicReader;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of one phase of one job, outputs stamped by the broker, so that all jobs are timed by one clock. */
final class BenchTopics {
    private static final long LONGEST_MILLIS = 600_000;

    private final String bootstrapServers;
    private final String prefix;

    private BenchTopics(String bootstrapServers, String prefix) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix;
    }

    static BenchTopics create(String bootstrapServers, String prefix) {
        KafkaTopics.create(bootstrapServers, prefix);
        ConfigResource outputs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.RECOMMENDATIONS.topicName(prefix));
        AlterConfigOp brokerTime = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(outputs, List.of(brokerTime)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't set the timestamps of " + outputs.name() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while setting up " + outputs.name(), e);
        }
        return new BenchTopics(bootstrapServers, prefix);
    }

    String prefix() {
        return prefix;
    }

    String groupId() {
        return prefix + "job";
    }

    /** How many outputs there are, and the broker's time of the first and of the last one. */
    record Outputs(long count, long firstMillis, long lastMillis) {
        double seconds() {
            return Math.max(1, lastMillis - firstMillis) / 1000.0;
        }
    }

    Outputs outputs() {
        long[] span = {Long.MAX_VALUE, Long.MIN_VALUE};
        try (TopicReader reader = new TopicReader(bootstrapServers, List.of(outputTopic()))) {
            long count = reader.readToEnd(record -> {
                span[0] = Math.min(span[0], record.timestamp());
                span[1] = Math.max(span[1], record.timestamp());
            });
            if (count == 0) {
                throw new CommandFailedException("Nothing came out on " + outputTopic() + "; look into the job's log");
            }
            return new Outputs(count, span[0], span[1]);
        }
    }

    /**
     * Milliseconds from each event's record to that of the output it caused.
     *
     * @param warmUpMillis events of that time at the beginning are left out
     */
    Histogram latencies(long warmUpMillis) {
        Map<String, Long> sentMillis = sentMillis();
        long from =
                sentMillis.values().stream().mapToLong(Long::longValue).min().orElse(0) + warmUpMillis;
        Histogram millis = new Histogram(LONGEST_MILLIS, 3);
        RecordCodec<Recommendation> recommendations = RecordCodec.of(Recommendation.class);
        RecordCodec<BehaviourEvent> events = RecordCodec.of(BehaviourEvent.class);
        try (TopicReader reader = new TopicReader(bootstrapServers, List.of(outputTopic()))) {
            reader.readToEnd(record -> {
                Long sent = sentMillis.get(cause(record, recommendations, events));
                if (sent != null && sent >= from) {
                    millis.recordValue(Math.min(LONGEST_MILLIS, Math.max(0, record.timestamp() - sent)));
                }
            });
        }
        return millis;
    }

    private String outputTopic() {
        return Topic.RECOMMENDATIONS.topicName(prefix);
    }

    private Map<String, Long> sentMillis() {
        Map<String, Long> sent = new HashMap<>();
        RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
        try (TopicReader reader =
                new TopicReader(bootstrapServers, List.of(Topic.BEHAVIOUR_EVENTS.topicName(prefix)))) {
            reader.readToEnd(record -> {
                try {
                    sent.putIfAbsent(codec.decode(record.value(), null).getEventId(), record.timestamp());
                } catch (UndecodableRecordException corrupt) {
                    // Among the events by design; it has no output to be timed.
                    return;
                }
            });
        }
        return sent;
    }

    /** Id of the event that caused an output: a recommendation names it, the pass-through writes the event itself. */
    private static String cause(
            ConsumerRecord<byte[], byte[]> output,
            RecordCodec<Recommendation> recommendations,
            RecordCodec<BehaviourEvent> events) {
        try {
            String eventId = recommendations.decode(output.value(), null).getTriggerEventId();
            return eventId == null ? "" : eventId;
        } catch (UndecodableRecordException notARecommendation) {
            try {
                return events.decode(output.value(), null).getEventId();
            } catch (UndecodableRecordException corruptInput) {
                return "";
            }
        }
    }
}
