package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.mirror.MirrorFence;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.control.mirror.OffsetSyncs;
import dev.rebound.deploy.local.LocalMirror;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.OpenTransactions;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.deploy.site.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is committed on one site arrives on the other, each record once, whatever becomes of the mirror in between. */
@LongTest
class MirrorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int PARTITIONS = 3;

    private static LocalStack main;
    private static LocalStack b;

    @BeforeAll
    static void twoKafkas() throws Exception {
        Path target = Path.of("target").toAbsolutePath();
        Path var = Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "mirror-");
        StackLayout layout = new StackLayout(target.resolve("rebound"), var);
        main = new LocalStack(layout, StackPorts.free());
        b = new LocalStack("b", layout.stack("b"), StackPorts.free(), StackShape.SINGLE);
        main.start("kafka", ProgressListener.SILENT);
        b.start("kafka", ProgressListener.SILENT);
    }

    @AfterEach
    void nothingIsCopied() {
        main.mirror().stop(GRACE);
        b.mirror().stop(GRACE);
    }

    @AfterAll
    static void down() {
        b.down(ProgressListener.SILENT);
        main.down(ProgressListener.SILENT);
    }

    @Test
    void whatIsCommittedArrivesOnceAlsoWhenTheMirrorIsKilled() throws Exception {
        String topic = topic("killed", Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        LocalMirror mirror = b.mirror();
        try (KafkaProducer<String, String> producer = producer(main, "killed")) {
            mirror.start(main);
            send(producer, topic, 0, 400, true);
            awaitCount(b, topic, 400);
            send(producer, topic, 1_000, 1_050, false);
            send(producer, topic, 400, 700, true);
            mirror.process().kill();
            assertThat(mirror.isRunning()).isFalse();
            send(producer, topic, 700, 1_000, true);
        }

        mirror.start(main);
        awaitCount(b, topic, 1_000);

        assertThat(mirror.problem()).isEmpty();
        assertThat(values(b, topic)).containsExactlyInAnyOrderElementsOf(numbers(0, 1_000));
        mirror.stop(GRACE);
        assertThat(values(b, topic)).hasSize(1_000);
        assertThat(MirrorPositions.read(b.kafka(), "main")).containsAllEntriesOf(committedEnds(main, topic));
        everyOffsetIsTranslatedToItsRecordOrAnEarlierOne(topic);
        assertThat(config(b, topic)).isEqualTo(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static void everyOffsetIsTranslatedToItsRecordOrAnEarlierOne(String topic) {
        OffsetSyncs syncs = OffsetSyncs.read(b.kafka(), "main");
        Map<String, Long> copies = new HashMap<>();
        records(b, topic).forEach(copy -> copies.put(text(copy.value()), copy.offset()));
        for (ConsumerRecord<byte[], byte[]> record : records(main, topic)) {
            TopicPartition partition = new TopicPartition(topic, record.partition());
            // The first record of a partition that was copied is noted at once.
            assertThat(syncs.translate(partition, record.offset()).orElseThrow())
                    .isLessThanOrEqualTo(copies.get(text(record.value())))
                    .isGreaterThanOrEqualTo(copies.get(text(record.value())) - 200);
        }
        assertThat(syncs.of(new TopicPartition(topic, 0))).hasSizeGreaterThan(2);
    }

    @Test
    void transactionsOfAKilledMirrorEndAtOnce() throws Exception {
        String topic = topic("fenced", Map.of());
        LocalMirror mirror = b.mirror();
        mirror.start(main);
        try (KafkaProducer<String, String> producer = producer(main, "fenced");
                Admin admin = b.kafka().admin()) {
            await().atMost(PATIENCE).until(() -> {
                send(producer, topic, 0, 500, true);
                mirror.process().freeze();
                boolean open = !open(admin).isEmpty();
                if (!open) {
                    mirror.process().thaw();
                }
                return open;
            });
            mirror.stop(Duration.ZERO);
            assertThat(open(admin)).isNotEmpty();

            assertThat(MirrorFence.close(b.kafka(), "main")).isNotEmpty();

            assertThat(open(admin)).isEmpty();
        }
        assertThat(ends(b, topic, IsolationLevel.READ_COMMITTED))
                .isEqualTo(ends(b, topic, IsolationLevel.READ_UNCOMMITTED));
    }

    private static List<OpenTransactions.Open> open(Admin admin) throws Exception {
        return OpenTransactions.of(admin, MirrorTopics.transactionalIds("main"));
    }

    @Test
    void aMirrorBackSendsOnlyWhatIsNew() throws Exception {
        String topic = topic("back", Map.of());
        try (KafkaProducer<String, String> producer = producer(main, "back")) {
            send(producer, topic, 0, 100, true);
        }
        b.mirror().start(main);
        awaitCount(b, topic, 100);
        b.mirror().stop(GRACE);

        main.mirror().start(b);
        try (KafkaProducer<String, String> producer = producer(b, "back")) {
            send(producer, topic, 100, 120, true);
        }
        awaitCount(main, topic, 120);

        main.mirror().stop(GRACE);
        assertThat(values(main, topic)).containsExactlyInAnyOrderElementsOf(numbers(0, 120));
    }

    @Test
    void aRecordIsReadOnTheOtherSiteWithinASecondOrTwo() throws Exception {
        String topic = topic("lag", Map.of());
        b.mirror().start(main);
        List<Long> millis = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(main, "lag")) {
            send(producer, topic, 0, 1, true);
            awaitCount(b, topic, 1);
            try (TopicReader reader = new TopicReader(b.kafka(), List.of(topic))) {
                reader.readToEnd(record -> {});
                for (int i = 1; i <= 50; i++) {
                    long begin = System.nanoTime();
                    send(producer, topic, i, i + 1, true);
                    await().pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> reader.readToEnd(record -> {}) > 0);
                    millis.add((System.nanoTime() - begin) / 1_000_000);
                }
            }
        }
        millis.sort(Long::compare);
        System.out.println("mirror: from commit to read on the other site, ms: median " + millis.get(25) + ", 49 of 50 "
                + millis.get(48) + ", all " + millis);
        assertThat(millis.get(25)).isLessThan(2_000);
    }

    private static String topic(String name, Map<String, String> configs) throws Exception {
        String topic = main.topics().prefix() + name;
        try (Admin admin = main.kafka().admin()) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
        return topic;
    }

    private static KafkaProducer<String, String> producer(LocalStack stack, String id) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                stack.kafka().client(Map.of("transactional.id", id)), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int from, int to, boolean commit) {
        for (int next = from; next < to; next += 50) {
            producer.beginTransaction();
            for (String number : numbers(next, Math.min(to, next + 50))) {
                var unusedSinceTheCommitFails = producer.send(new ProducerRecord<>(topic, number, number));
            }
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static void awaitCount(LocalStack stack, String topic, int count) {
        await().atMost(PATIENCE).until(() -> TopicNames.exist(stack.kafka(), topic));
        await().atMost(PATIENCE).until(() -> values(stack, topic).size() >= count);
    }

    private static List<String> values(LocalStack stack, String topic) {
        return records(stack, topic).stream()
                .map(record -> text(record.value()))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(LocalStack stack, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicReader reader = new TopicReader(stack.kafka(), List.of(topic))) {
            reader.readToEnd(records::add);
        }
        return records;
    }

    private static Map<TopicPartition, Long> committedEnds(LocalStack stack, String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        records(stack, topic)
                .forEach(record -> ends.put(new TopicPartition(topic, record.partition()), record.offset() + 1));
        assertThat(ends).hasSize(PARTITIONS);
        return ends;
    }

    private static Map<TopicPartition, Long> ends(LocalStack stack, String topic, IsolationLevel isolation) {
        KafkaCluster kafka = stack.kafka();
        try (TopicReader reader = new TopicReader(kafka, List.of(topic), isolation)) {
            return reader.ends();
        }
    }

    private static String config(LocalStack stack, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = stack.kafka().admin()) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
        }
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
