package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.ComponentStatus;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.CommandResult;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kafka, HDFS and Flink as real processes. The last test takes them down, so the order is fixed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalStackIT {

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    @Test
    @Order(1)
    void everyComponentIsWell() {
        assertThat(stack.status())
                .extracting(ComponentStatus::name)
                .containsExactly("kafka", "namenode", "datanode", "jobmanager", "taskmanager-1", "taskmanager-2");
        assertThat(stack.status()).allMatch(ComponentStatus::isWell);
        assertThat(stack.rest().overview().slotsTotal()).isEqualTo(8);
    }

    @Test
    @Order(2)
    void aSecondUpLeavesWhatRuns() {
        List<Long> before = pids();
        List<String> said = new ArrayList<>();

        stack.up((component, message) -> said.add(message));

        assertThat(pids()).isEqualTo(before);
        assertThat(said).doesNotContain("starting");
    }

    @Test
    @Order(3)
    void aFileWrittenToHdfsIsReadBack() throws Exception {
        byte[] content = "checkpoint".getBytes(StandardCharsets.UTF_8);
        Path path = new Path("/rebound/it/file");
        try (FileSystem files = stack.openHdfs()) {
            try (FSDataOutputStream out = files.create(path)) {
                out.write(content);
            }
            try (FSDataInputStream in = files.open(path)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    @Order(4)
    void onlyACommittedTransactionIsRead() throws Exception {
        try (Admin admin = stack.kafka().admin()) {
            admin.createTopics(List.of(new NewTopic("it", 1, (short) 1))).all().get();
        }
        Map<String, Object> producing = Map.of(
                "bootstrap.servers",
                stack.kafka().bootstrapServers(),
                "transactional.id",
                "it",
                // What the sinks ask for; the broker's own default limit would refuse it.
                "transaction.timeout.ms",
                3_600_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("it", "k", "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("it", "k", "committed")).get();
            producer.commitTransaction();
        }

        Map<String, Object> consuming =
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers(), "isolation.level", "read_committed");
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition("it", 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).get(partitions.get(0));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
                return consumer.position(partitions.get(0)) >= end;
            });
        }
        assertThat(read).containsExactly("committed");
    }

    @Test
    @Order(5)
    void theTopicsAreCreatedOnce() throws Exception {
        assertThat(KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker("it.")))
                .hasSize(Topic.values().length);
        assertThat(KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker("it.")))
                .isEmpty();

        String profiles = Topic.USER_PROFILES.topicName("it.");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, profiles);
        try (Admin admin = stack.kafka().admin()) {
            assertThat(admin.describeTopics(List.of(profiles))
                            .allTopicNames()
                            .get()
                            .get(profiles)
                            .partitions())
                    .hasSize(TopicSettings.DEFAULT_PARTITIONS);
            assertThat(admin.describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .get(resource)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    @Order(6)
    void aKilledTaskManagerIsReplaced() {
        ManagedProcess killed = stack.taskManagers().get(0);
        long pid = killed.pid().orElseThrow();

        killed.kill();
        assertThat(killed.isAlive()).isFalse();
        assertThat(stack.status())
                .filteredOn(status -> status.name().equals(killed.name()))
                .noneMatch(ComponentStatus::isWell);
        ManagedProcess started = stack.startTaskManager(ProgressListener.SILENT);

        assertThat(started.name()).isEqualTo(killed.name());
        assertThat(started.pid().orElseThrow()).isNotEqualTo(pid);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(stack.rest().overview().slotsTotal()).isEqualTo(8));
    }

    @Test
    @Order(7)
    void flinksOwnCommandLineReachesTheCluster() {
        CommandResult list = stack.flink().commandLine().run(List.of("list"), Duration.ofMinutes(1));

        assertThat(list.output()).contains("No running jobs");
        assertThat(list.exitCode()).isZero();
    }

    @Test
    @Order(8)
    void theJobIsStoppedWithASavepointAndSubmittedAgainOnTheSameCluster() throws Exception {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(Topic.DEFAULT_PREFIX));
        List<String> options =
                List.of("--kafka.bootstrap-servers", stack.kafka().bootstrapServers());

        String first = stack.flink().submit(stack.layout().jobJar(), List.of(), options);
        awaitRunning(first);
        String savepoint =
                stack.flink().stopWithSavepoint(first, stack.hdfsUri().resolve("/rebound/savepoints"));
        String second = stack.flink().submit(stack.layout().jobJar(), List.of("-s", savepoint), options);
        awaitRunning(second);

        assertThat(stack.rest().job(first).state()).isEqualTo("FINISHED");
        assertThat(stack.rest().checkpoints(second).counts().restored()).isEqualTo(1);
        stack.rest().cancel(second);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> stack.rest().job(second).state().equals("CANCELED"));
        // One left behind by each submission would fill the JobManager's metaspace after a dozen. TaskManagers may keep
        // a soft
        // reference, which they give up where memory is short.
        long jobManager = pid("jobmanager");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !liveObjects(jobManager).contains("ChildFirstClassLoader"));
    }

    private long pid(String component) {
        return stack.status().stream()
                .filter(status -> status.name().equals(component))
                .findFirst()
                .orElseThrow()
                .pid()
                .orElseThrow();
    }

    /** The JVM's histogram of live objects, for which it collects garbage. */
    private static String liveObjects(long pid) throws IOException {
        String jcmd = java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd")
                .toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @Order(9)
    void downLeavesNothingRunningAndUpFindsTheDataAgain() throws Exception {
        List<Long> before = pids();

        stack.down(ProgressListener.SILENT);

        assertThat(before).hasSize(6).noneMatch(LocalStackIT::isAlive);
        assertThat(stack.status()).allMatch(status -> status.pid().isEmpty());

        stack.up(ProgressListener.SILENT);

        try (FileSystem files = stack.openHdfs();
                Admin admin = stack.kafka().admin()) {
            assertThat(files.exists(new Path("/rebound/it/file"))).isTrue();
            assertThat(admin.listTopics().names().get()).contains("it");
        }
    }

    private void awaitRunning(String job) {
        await().atMost(Duration.ofMinutes(2)).until(() -> stack.rest().job(job).allRunning());
    }

    private List<Long> pids() {
        return stack.status().stream()
                .flatMapToLong(status -> status.pid().stream())
                .boxed()
                .toList();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
