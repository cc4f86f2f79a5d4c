package dev.rebound.deploy.lab.bench;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of one phase of one job, outputs stamped by the broker, so that all jobs are timed by one clock. */
final class BenchTopics {
    private static final long LONGEST_MILLIS = 600_000;

    private final KafkaCluster kafka;
    private final String prefix;

    private BenchTopics(KafkaCluster kafka, String prefix) {
        this.kafka = kafka;
        this.prefix = prefix;
    }

    static BenchTopics create(KafkaCluster kafka, String prefix) {
        KafkaTopics.create(kafka, TopicSettings.ofOneBroker(prefix));
        ConfigResource outputs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.RECOMMENDATIONS.topicName(prefix));
        AlterConfigOp brokerTime = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"), AlterConfigOp.OpType.SET);
        try (Admin admin = kafka.admin()) {
            admin.incrementalAlterConfigs(Map.of(outputs, List.of(brokerTime)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't set the timestamps of " + outputs.name() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while setting up " + outputs.name(), e);
        }
        return new BenchTopics(kafka, prefix);
    }

    String prefix() {
        return prefix;
    }

    String groupId() {
        return prefix + "job";
    }

    /** An event's place in its topic, and when it was sent. */
    private record Sent(int partition, long offset, long millis) {}

    /** An output, when it was written, and the event that caused it. */
    private record Caused(long millis, Sent cause) {}

    /** Events that went through within a time, and the outputs written meanwhile. */
    record Throughput(long events, long outputs, double seconds) {}

    /** Speed over the second half of the events. */
    Throughput afterWarmUp() {
        List<Caused> outputs = outputs();
        outputs.sort(Comparator.comparingLong(Caused::millis));
        Map<Integer, Long> ends = new HashMap<>();
        outputs.forEach(
                output -> ends.merge(output.cause().partition(), output.cause().offset() + 1, Math::max));
        long events = ends.values().stream().mapToLong(Long::longValue).sum();
        Map<Integer, Long> passed = new HashMap<>();
        long sum = 0;
        int warm = 0;
        while (sum < events / 2) {
            Sent cause = outputs.get(warm++).cause();
            long before = passed.getOrDefault(cause.partition(), 0L);
            long after = Math.max(before, cause.offset() + 1);
            passed.put(cause.partition(), after);
            sum += after - before;
        }
        long millis =
                outputs.get(outputs.size() - 1).millis() - outputs.get(warm).millis();
        return new Throughput(events - sum, outputs.size() - (long) warm, Math.max(1, millis) / 1000.0);
    }

    /**
     * Milliseconds from each event's record to that of the output it caused.
     *
     * @param warmUpMillis events of that time at the beginning are left out
     */
    Histogram latencies(long warmUpMillis) {
        List<Caused> outputs = outputs();
        long from = warmUpMillis
                + outputs.stream()
                        .mapToLong(output -> output.cause().millis())
                        .min()
                        .orElse(0);
        Histogram millis = new Histogram(LONGEST_MILLIS, 3);
        for (Caused output : outputs) {
            if (output.cause().millis() >= from) {
                long latency = output.millis() - output.cause().millis();
                millis.recordValue(Math.min(LONGEST_MILLIS, Math.max(0, latency)));
            }
        }
        return millis;
    }

    private List<Caused> outputs() {
        Map<String, Sent> events = events();
        List<Caused> outputs = new ArrayList<>();
        RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
        RecordCodec<BehaviourEvent> eventCodec = RecordCodec.of(BehaviourEvent.class);
        try (TopicReader reader = new TopicReader(kafka, List.of(outputTopic()))) {
            reader.readToEnd(record -> {
                Sent cause = events.get(cause(record, recommendationCodec, eventCodec));
                if (cause != null) {
                    outputs.add(new Caused(record.timestamp(), cause));
                }
            });
        }
        if (outputs.isEmpty()) {
            throw new CommandFailedException("Nothing came out on " + outputTopic() + "; look into the job's log");
        }
        return outputs;
    }

    private String outputTopic() {
        return Topic.RECOMMENDATIONS.topicName(prefix);
    }

    private Map<String, Sent> events() {
        Map<String, Sent> events = new HashMap<>();
        RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
        try (TopicReader reader = new TopicReader(kafka, List.of(Topic.BEHAVIOUR_EVENTS.topicName(prefix)))) {
            reader.readToEnd(record -> {
                try {
                    events.putIfAbsent(
                            codec.decode(record.value(), null).getEventId(),
                            new Sent(record.partition(), record.offset(), record.timestamp()));
                } catch (UndecodableRecordException corrupt) {
                    // Among the events by design; it has no output to be timed.
                    return;
                }
            });
        }
        return events;
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
