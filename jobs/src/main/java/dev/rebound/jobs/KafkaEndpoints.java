package dev.rebound.jobs;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.output.OutputSink;
import dev.rebound.operators.output.TopicSerializer;
import dev.rebound.schemas.Topic;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Makes the Kafka sources and sinks of a job. */
public final class KafkaEndpoints {
    private final JobOptions options;
    private final KafkaProperties clients;
    private final String jobName;

    /**
     * @param jobName part of every transactional id
     * @throws IllegalArgumentException naming all that is wrong with the file of {@code --kafka.properties-file}
     */
    public KafkaEndpoints(JobOptions options, String jobName) {
        this.options = options;
        this.clients = options.kafka();
        this.jobName = jobName;
    }

    /**
     * A source that starts at the beginning of its topic, or where {@code --source.offsets} says, and, restored, exactly where
     * the checkpoint says.
     */
    <T> KafkaSource<Decoded<T>> source(Topic topic, TopicDeserializer<T> deserializer) {
        return KafkaSource.<Decoded<T>>builder()
                .setProperties(clients.consumer())
                .setTopics(topic.topicName(options.get(JobOptions.TOPIC_PREFIX)))
                .setGroupId(options.get(JobOptions.GROUP_ID))
                .setClientIdPrefix(options.get(JobOptions.GROUP_ID) + "-" + topic.shortName())
                .setStartingOffsets(options.startingOffsets().of(topic))
                .setDeserializer(deserializer)
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .setProperty("partition.discovery.interval.ms", "30000")
                .build();
    }

    /** The uid of a topic's source. */
    String sourceUid(Topic topic) {
        return options.sourceNames().uid(topic);
    }

    /**
     * A sink whose records become visible with the checkpoint.
     *
     * @param name unique in the job, and not the beginning of another's
     */
    public OutputSink exactlyOnce(String name) {
        KafkaSink<OutputRecord> kafka = sink(options.transactions().exactlyOnceProducer())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(options.transactions()
                        .prefix(jobName, options.sinkNames().transactions(name)))
                .build();
        return wrapped(kafka);
    }

    private OutputSink wrapped(KafkaSink<OutputRecord> kafka) {
        return new OutputSink(kafka, clients.admin());
    }

    /** A sink as the job's delivery guarantee wants it. */
    Sink<OutputRecord> guaranteed(String name) {
        return options.get(JobOptions.DELIVERY_GUARANTEE) == DeliveryGuarantee.EXACTLY_ONCE
                ? exactlyOnce(name)
                : atLeastOnce();
    }

    /** A sink that is not held back by the checkpoint and may repeat records after a failure. */
    OutputSink atLeastOnce() {
        return wrapped(sink(options.transactions().atLeastOnceProducer())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build());
    }

    private KafkaSinkBuilder<OutputRecord> sink(Properties producer) {
        return KafkaSink.<OutputRecord>builder()
                .setKafkaProducerConfig(producer)
                .setKafkaProducerConfig(clients.producer())
                .setRecordSerializer(
                        new TopicSerializer(options.get(JobOptions.TOPIC_PREFIX), options.get(JobOptions.SITE_EPOCH)));
    }
}
