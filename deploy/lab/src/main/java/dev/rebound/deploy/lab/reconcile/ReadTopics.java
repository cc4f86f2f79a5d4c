package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** The topics of a prefix, read from their beginning and further with each call, and what follows from their records. */
final class ReadTopics implements AutoCloseable {
    private final KafkaCluster kafka;
    private final String prefix;
    private final Expectation expected;
    private final ObservedOutput actual;
    private final TopicReader inputs;
    private final TopicReader catalog;
    private final TopicReader outputs;

    /** @param outputIsolation whether outputs are read that were never committed */
    ReadTopics(
            KafkaCluster kafka,
            String prefix,
            IsolationLevel outputIsolation,
            Expectation expected,
            ObservedOutput actual) {
        this.kafka = kafka;
        this.prefix = prefix;
        this.expected = expected;
        this.actual = actual;
        this.inputs = reader(IsolationLevel.READ_COMMITTED, Topic.BEHAVIOUR_EVENTS, Topic.RECOMMENDATION_REQUESTS);
        this.catalog = reader(IsolationLevel.READ_COMMITTED, Topic.CATALOG_UPDATES);
        this.outputs = reader(
                outputIsolation,
                Topic.USER_PROFILES,
                Topic.RECOMMENDATIONS,
                Topic.RECOMMENDATION_RESPONSES,
                Topic.TRAINING_EXAMPLES,
                Topic.DEAD_LETTERS,
                Topic.ALERTS);
        noteWhatIsGone();
    }

    private TopicReader reader(IsolationLevel isolation, Topic... topics) {
        return new TopicReader(kafka, Stream.of(topics).map(this::name).toList(), isolation);
    }

    private String name(Topic topic) {
        return topic.topicName(prefix);
    }

    private void noteWhatIsGone() {
        Map<String, GoneRecords> byTopic = Map.of(
                name(Topic.BEHAVIOUR_EVENTS), expected.goneEvents(),
                name(Topic.RECOMMENDATION_REQUESTS), expected.goneRequests(),
                name(Topic.RECOMMENDATIONS), actual.goneRecommendations(),
                name(Topic.RECOMMENDATION_RESPONSES), actual.goneResponses(),
                name(Topic.TRAINING_EXAMPLES), actual.goneExamples(),
                name(Topic.DEAD_LETTERS), actual.goneDeadLetters());
        Stream.of(inputs, outputs)
                .flatMap(reader -> reader.begins().entrySet().stream())
                // Profiles are compacted: the newest one of each user stays.
                .filter(begin -> byTopic.containsKey(begin.getKey().topic()))
                .forEach(begin -> byTopic.get(begin.getKey().topic()).before(begin.getKey(), begin.getValue()));
    }

    Expectation expected() {
        return expected;
    }

    ObservedOutput actual() {
        return actual;
    }

    /** Reads what the inputs hold now. Returns where those partitions end that hold anything. */
    Map<TopicPartition, Long> readInputs() {
        String events = name(Topic.BEHAVIOUR_EVENTS);
        Map<TopicPartition, Long> ends = inputs.ends();
        inputs.readTo(ends, record -> {
            if (record.topic().equals(events)) {
                expected.event(record);
            } else {
                expected.request(record);
            }
        });
        // After the inputs: nothing can be recommended that is not in here.
        catalog.readToEnd(expected::catalog);
        Map<TopicPartition, Long> begins = inputs.begins();
        Map<TopicPartition, Long> held = new HashMap<>(ends);
        held.entrySet().removeIf(end -> begins.get(end.getKey()) >= end.getValue());
        return held;
    }

    /** Reads what the outputs hold now. Returns how many records it were. */
    long readOutputs() {
        return outputs.readToEnd(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (!actual.epochs().isTaken(record)) {
            return;
        }
        if (record.topic().equals(name(Topic.USER_PROFILES))) {
            actual.profile(record);
        } else if (record.topic().equals(name(Topic.RECOMMENDATIONS))) {
            actual.recommendation(record);
        } else if (record.topic().equals(name(Topic.RECOMMENDATION_RESPONSES))) {
            actual.response(record);
        } else if (record.topic().equals(name(Topic.TRAINING_EXAMPLES))) {
            actual.example(record);
        } else if (record.topic().equals(name(Topic.ALERTS))) {
            actual.alert(record);
        } else {
            actual.deadLetter(record);
        }
    }

    @Override
    public void close() {
        inputs.close();
        catalog.close();
        outputs.close();
    }
}
