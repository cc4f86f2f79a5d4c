package dev.rebound.deploy.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What jobs and commands ask of the brokers, each request once. */
final class RightsInUse {
    private final SecuredKafka kafka;
    private final KafkaRights rights;

    RightsInUse(SecuredKafka kafka, KafkaRights rights) {
        this.kafka = kafka;
        this.rights = rights;
    }

    /** The sources read and commit their progress; the sinks write, and ask what became of a transaction. */
    void recommendationJob() throws Exception {
        read(names(KafkaRights.INPUTS), group());
        inTransaction(names(KafkaRights.OUTPUTS));
        try (Admin admin = Admin.create(kafka.client(KafkaUser.JOB))) {
            admin.describeTransactions(List.of(transactionalId())).all().get();
        }
        try (KafkaProducer<String, String> atLeastOnce = producer(kafka.client(KafkaUser.JOB))) {
            send(atLeastOnce, names(KafkaRights.OUTPUTS));
        }
    }

    /** Writes to the topics as the job. */
    void inTransaction(List<String> topics) throws ExecutionException, InterruptedException {
        KafkaProducer<String, String> producer = transactional(transactionalId());
        try {
            producer.beginTransaction();
            send(producer, topics);
            producer.commitTransaction();
        } finally {
            // One whose first record was refused would else wait for half a minute before it closes.
            producer.close(Duration.ZERO);
        }
    }

    /** Beside what the recommendation job does. */
    void trainingJob() {
        read(names(List.of(Topic.TRAINING_EXAMPLES)), group());
    }

    /** Topics are created, written and read; progress, limits and open transactions are asked for; the last are ended. */
    void commands() throws Exception {
        Properties client = kafka.client(KafkaUser.OPERATIONS);
        try (Admin admin = Admin.create(client);
                KafkaProducer<String, String> producer = producer(client);
                KafkaProducer<String, String> job = transactional(transactionalId())) {
            NewTopic created = new NewTopic(rights.topicPrefix() + UUID.randomUUID(), 1, (short) 1);
            admin.createTopics(List.of(created)).all().get();
            send(producer, List.of(created.name()));
            readAll(client, List.of(created.name()));
            assertThat(admin.listTopics().names().get()).contains(created.name());
            assertThat(admin.listConsumerGroupOffsets(group())
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isNotEmpty();
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            admin.describeConfigs(List.of(broker)).all().get();
            job.beginTransaction();
            send(job, names(List.of(Topic.RECOMMENDATIONS)));
            // Brokers leave out what one may not know of, without a word.
            assertThat(admin.listTransactions().all().get())
                    .extracting(TransactionListing::transactionalId)
                    .contains(transactionalId());
            admin.fenceProducers(List.of(transactionalId())).all().get();
        }
    }

    /** Makes the topics of the prefix, with a record in each, and an offset in the group. */
    void prepare() throws Exception {
        Properties client = kafka.client(KafkaUser.OPERATIONS);
        try (Admin admin = Admin.create(client);
                KafkaProducer<String, String> producer = producer(client)) {
            List<String> names = names(Arrays.asList(Topic.values()));
            admin.createTopics(names.stream()
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
            send(producer, names);
        }
        read(names(KafkaRights.INPUTS), group());
    }

    String group() {
        return rights.groupPrefix() + "job";
    }

    String transactionalId() {
        return rights.site() + ".recommendation.outputs.0-1";
    }

    KafkaProducer<String, String> transactional(String id) {
        Properties client = kafka.client(KafkaUser.JOB);
        client.setProperty("transactional.id", id);
        client.setProperty("transaction.timeout.ms", "3300000");
        KafkaProducer<String, String> producer = producer(client);
        try {
            producer.initTransactions();
            return producer;
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    private static KafkaProducer<String, String> producer(Properties client) {
        return new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
    }

    static void send(KafkaProducer<String, String> producer, List<String> topics)
            throws ExecutionException, InterruptedException {
        for (String topic : topics) {
            producer.send(new ProducerRecord<>(topic, "key", "value")).get();
        }
    }

    /** Reads as the job until each topic has given a record, and commits. */
    void read(List<String> topics, String group) {
        Properties client = kafka.client(KafkaUser.JOB);
        client.setProperty("group.id", group);
        client.setProperty("isolation.level", "read_committed");
        client.setProperty("enable.auto.commit", "false");
        try (KafkaConsumer<String, String> consumer = consumer(client)) {
            readAll(consumer, topics);
            TopicPartition first = new TopicPartition(topics.get(0), 0);
            consumer.commitSync(Map.of(first, new OffsetAndMetadata(1)));
        }
    }

    private static void readAll(Properties client, List<String> topics) {
        try (KafkaConsumer<String, String> consumer = consumer(client)) {
            readAll(consumer, topics);
        }
    }

    private static void readAll(KafkaConsumer<String, String> consumer, List<String> topics) {
        List<TopicPartition> partitions =
                topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Set<String> seen = new HashSet<>();
        await().pollDelay(Duration.ZERO).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.topic()));
            return seen.containsAll(topics);
        });
    }

    private static KafkaConsumer<String, String> consumer(Properties client) {
        return new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer());
    }

    List<String> names(List<Topic> topics) {
        return topics.stream()
                .map(topic -> topic.topicName(rights.topicPrefix()))
                .toList();
    }
}
