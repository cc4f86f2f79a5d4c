package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.job.CompatibilityCheck;
import dev.rebound.deploy.control.job.CompatibilityReport;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.job.Rollback;
import dev.rebound.deploy.control.job.Upgrade;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.GroupProgress;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bad version of the job and of the model is undone on the real stack. Each test goes on where the one before ended.
 * {@code -Drebound.rollback.versions=3} goes three versions back, {@code -Drebound.rollback.events=4000000} does it with
 * 100,000 users.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollbackIT {
    private static final int EVENTS = Integer.getInteger("rebound.rollback.events", 6_000);
    private static final int VERSIONS_BACK = Integer.getInteger("rebound.rollback.versions", 1);
    private static final int KEPT_FOR_LATER = EVENTS / 6;
    private static final int SCORING_TASKS = 2;
    private static final int REWOUND = 20;
    private static final String PREFIX = "rollback.";
    private static final String MODEL = "ranker";
    private static final Duration HEALTHY_WITHIN = Duration.ofMinutes(2);

    private static final Topic[] INPUTS = {
        Topic.BEHAVIOUR_EVENTS,
        Topic.RECOMMENDATION_REQUESTS,
        Topic.CATALOG_UPDATES,
        Topic.CAMPAIGNS,
        Topic.MODEL_RELEASES
    };
    private static final List<Topic> OUTPUTS = List.of(
            Topic.RECOMMENDATIONS,
            Topic.RECOMMENDATION_RESPONSES,
            Topic.USER_PROFILES,
            Topic.TRAINING_EXAMPLES,
            Topic.DEAD_LETTERS,
            Topic.ALERTS,
            Topic.MODEL_RELEASES,
            Topic.MODEL_REPORTS,
            Topic.RELEASE_DECISIONS);
    private static final Set<Topic> WITH_IDS =
            Set.of(Topic.RECOMMENDATIONS, Topic.RECOMMENDATION_RESPONSES, Topic.TRAINING_EXAMPLES, Topic.DEAD_LETTERS);

    @RegisterExtension
    static final RunningStack RUNNING = RunningStack.shared();

    @TempDir
    static Path folder;

    private static String jobId;
    private static StoredSavepoint good;
    private static int sent;
    private static Instant wentBackAt;

    private final LocalStack stack = RUNNING.stack();
    private final RecommendationJobs jobs = new RecommendationJobs(stack);

    /** Of a model that PyTorch trained: what changes here is which version is in charge. */
    @BeforeAll
    static void writeTwoVersions() throws IOException {
        TestPackages packages = new TestPackages(RUNNING.stack().files().registry(), MODEL);
        packages.writeGood("1");
        packages.writeGood("2");
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(1, EVENTS);
    }

    @Test
    @Order(1)
    void aSavepointSaysWhatMadeItAndWhichModelScored() {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(PREFIX));
        publishCatalog();
        publish("1");
        jobId = jobs.submit(
                null,
                null,
                Map.of(
                        "kafka.bootstrap-servers",
                        stack.kafka().bootstrapServers(),
                        "kafka.topic-prefix",
                        PREFIX,
                        "kafka.group-id",
                        PREFIX + "job"));
        awaitModel();
        replay(EVENTS / 3);
        awaitConsumed();

        good = jobs.savepoint(jobId);

        StoredSavepoint listed = jobs.savepoints().list().get(0);
        assertThat(listed).isEqualTo(good);
        assertThat(listed.content().problems()).isEmpty();
        assertThat(listed.content().bytes()).isPositive();
        assertThat(listed.content().releases())
                .extracting(ModelRelease::getVersion)
                .containsExactly("1");
        assertThat(listed.manifest().orElseThrow().job().jobId()).isEqualTo(jobId);
        assertThat(listed.content().operators())
                .filteredOn(operator -> operator.uid().equals("user-features"))
                .singleElement()
                .satisfies(operator -> {
                    assertThat(operator.maxParallelism()).isEqualTo(128);
                    assertThat(operator.bytes()).isPositive();
                });
    }

    @Test
    @Order(2)
    void otherVersionsTakeOverWithTheStateAndTheirOptions() throws IOException {
        publish("2");
        for (int version = 2; version <= 1 + VERSIONS_BACK; version++) {
            Upgrade.Result upgraded = new Upgrade(stack, System.out::println)
                    .run(jobId, jarOf(version), null, List.of("--recommendation.count", "1"), HEALTHY_WITHIN);

            assertThat(upgraded.problem()).isNull();
            jobId = upgraded.jobId();
            replay(EVENTS / 3 / VERSIONS_BACK);
            awaitConsumed();
            System.out.printf("upgrade: %.1f s%n", upgraded.seconds());
        }
    }

    @Test
    @Order(3)
    void aRollbackRestoresStateJobAndModelOfThatMomentAndMissesNothing() throws Exception {
        Rollback.Result back = new Rollback(stack, System.out::println).to(good, jobId);
        wentBackAt = Instant.now();
        jobId = back.jobId();
        replay(EVENTS - KEPT_FOR_LATER - sent);

        assertThat(back.jobVersion())
                .isEqualTo(good.manifest()
                        .orElseThrow()
                        .job()
                        .keptJar()
                        .orElseThrow()
                        .version());
        assertThat(back.releasesIssued()).containsExactly("ranker/2:RETIRED", "ranker/1:LIVE");
        assertThat(back.savepointOfThePresent()).isNotNull();
        reconcile();
        List<Recommendation> since = recommendationsSince(wentBackAt);
        assertThat(since).isNotEmpty();
        // Campaigns are ranked by value, not by the model.
        assertThat(since)
                .filteredOn(each -> each.getScenario() != Scenario.CAMPAIGN)
                .extracting(Recommendation::getModelVersion)
                .containsOnly("1");
        assertThat(since).anyMatch(each -> each.getItems().size() > 1);
        System.out.printf("rollback: %.1f s%n", back.seconds());
    }

    @Test
    @Order(4)
    void aVersionThatDoesNotGetHealthyIsTakenBack() {
        String before = jobId;

        Upgrade.Result upgraded = new Upgrade(stack, System.out::println)
                .run(
                        jobId,
                        stack.layout().jobJar(),
                        null,
                        List.of("--privacy.pseudonym-key-file", "/nowhere/key"),
                        HEALTHY_WITHIN);

        jobId = upgraded.jobId();
        assertThat(upgraded.problem()).contains("/nowhere/key");
        assertThat(jobId).isNotEqualTo(before);
        assertThat(stack.rest().jobParameters(jobId)).doesNotContainKey("privacy.pseudonym-key-file");
        reconcile();
        System.out.printf("upgrade taken back: %.1f s%n", upgraded.seconds());
    }

    @Test
    @Order(5)
    void aJobGoesOnFromItsStateWithNewSourcesAtTheOffsetsThatItIsGiven() {
        Map<String, String> options = new HashMap<>(stack.rest().jobParameters(jobId));
        String offsets = rewound(awaitConsumed(INPUTS));
        StoredSavepoint state = jobs.stop(jobId);
        options.put(JobOptions.SOURCE_GENERATION.key(), "1");
        options.put(JobOptions.SOURCE_OFFSETS.key(), offsets);
        JobLaunch launch = new JobLaunch(
                stack.layout().jobJar(), null, options, state.path().toString(), true);

        assertThat(new CompatibilityCheck(stack.flink().commandLine()).check(launch))
                .isEqualTo(new CompatibilityReport(List.of(), uids("", INPUTS), uids("-g1", INPUTS)));
        jobId = jobs.submit(launch);
        replay(KEPT_FOR_LATER / 2);

        reconcile();
    }

    @Test
    @Order(6)
    void whatWasWrittenAfterTheStateIsNotWrittenAgain() throws IOException {
        Map<String, String> options = new HashMap<>(stack.rest().jobParameters(jobId));
        String offsets = rewound(awaitConsumed(INPUTS));
        StoredSavepoint state = jobs.savepoint(jobId);
        replay(EVENTS - sent);
        awaitConsumed(INPUTS);
        jobs.stop(jobId);
        List<Long> before = recommendationIds();
        options.put(JobOptions.SOURCE_GENERATION.key(), "2");
        options.put(JobOptions.SOURCE_OFFSETS.key(), offsets);
        options.put(JobOptions.WRITTEN_BEFORE.key(), written(before));
        // The transactions of that state are done with.
        int generation = Integer.parseInt(options.getOrDefault(JobOptions.SINK_GENERATION.key(), "0"));
        options.put(JobOptions.SINK_GENERATION.key(), String.valueOf(generation + 1));

        jobId = jobs.submit(new JobLaunch(
                stack.layout().jobJar(), null, options, state.path().toString(), true));
        awaitConsumed(INPUTS);

        await("recommendations that were left out")
                .atMost(Duration.ofMinutes(1))
                .until(() -> stack.rest().metricSum(jobId, "rebound.outputs_written_before_total") > 0);
        assertThat(recommendationIds()).containsExactlyInAnyOrderElementsOf(before);
    }

    private List<Long> recommendationIds() {
        List<Long> ids = new ArrayList<>();
        try (TopicReader reader = new TopicReader(stack.kafka(), List.of(Topic.RECOMMENDATIONS.topicName(PREFIX)))) {
            reader.readToEnd(record -> {
                Header id = record.headers().lastHeader(OutputHeaders.ID);
                if (id != null) {
                    ids.add(OutputHeaders.idOf(id.value()));
                }
            });
        }
        return ids;
    }

    private String written(List<Long> ids) throws IOException {
        var path = new org.apache.hadoop.fs.Path("/rebound/it/ids");
        try (FileSystem files = stack.openHdfs();
                DataOutputStream out = files.create(path)) {
            for (long id : ids) {
                out.writeLong(id);
            }
        }
        return stack.hdfsUri().resolve(path.toString()).toString();
    }

    /** In the form of the option, from where what was read comes again and is known. */
    private static String rewound(Map<TopicPartition, Long> ends) {
        return Stream.of(INPUTS)
                .map(topic -> topic.shortName() + ":"
                        + ends.entrySet().stream()
                                .filter(end -> end.getKey().topic().equals(topic.topicName(PREFIX)))
                                .map(end -> end.getKey().partition() + "=" + Math.max(0, end.getValue() - REWOUND))
                                .collect(Collectors.joining(",")))
                .collect(Collectors.joining(";"));
    }

    private static List<String> uids(String generation, Topic... topics) {
        return Stream.of(topics)
                .map(topic -> topic.shortName() + generation)
                .sorted()
                .toList();
    }

    @Test
    @Order(7)
    void everyOutputTellsTheEpochOfItsSiteAndByWhatItIsKnown() {
        Map<Topic, Integer> read = new EnumMap<>(Topic.class);
        for (Topic topic : OUTPUTS) {
            try (TopicReader reader = new TopicReader(stack.kafka(), List.of(topic.topicName(PREFIX)))) {
                reader.readToEnd(record -> {
                    assertThat(header(record, OutputHeaders.SITE_EPOCH))
                            .as(topic.shortName())
                            .isEqualTo("1");
                    boolean hasId = record.value() != null && WITH_IDS.contains(topic);
                    assertThat(record.headers().lastHeader(OutputHeaders.ID) != null)
                            .as(topic.shortName())
                            .isEqualTo(hasId);
                    read.merge(topic, 1, Integer::sum);
                });
            }
        }
        assertThat(read)
                .containsKeys(
                        Topic.RECOMMENDATIONS,
                        Topic.RECOMMENDATION_RESPONSES,
                        Topic.USER_PROFILES,
                        Topic.TRAINING_EXAMPLES,
                        Topic.MODEL_RELEASES,
                        Topic.MODEL_REPORTS);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.US_ASCII);
    }

    @Test
    @Order(8)
    void aSavepointWithoutOneOfItsFilesIsNotWhole() throws Exception {
        try (FileSystem files = stack.openHdfs()) {
            var state = Stream.of(files.listStatus(
                            new org.apache.hadoop.fs.Path(good.path().toUri())))
                    .map(status -> status.getPath())
                    .filter(path ->
                            !path.getName().startsWith("_") && !path.getName().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
            files.delete(state, false);

            assertThat(jobs.savepoints().find(good.id()).content().problems())
                    .singleElement()
                    .asString()
                    .contains(state.getName(), "missing");
        }
        jobs.cancel(jobId);
    }

    private Path jarOf(int version) throws IOException {
        Path jar = folder.resolve(version + ".jar");
        Files.copy(stack.layout().jobJar(), jar, StandardCopyOption.REPLACE_EXISTING);
        try (java.nio.file.FileSystem files = java.nio.file.FileSystems.newFileSystem(jar)) {
            Files.writeString(files.getPath("version"), Integer.toString(version));
        }
        return jar;
    }

    private void publishCatalog() {
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
    }

    private void publish(String version) {
        new ModelReleases(stack.kafka(), PREFIX, stack.epoch())
                .publish(stack.files().registry(), MODEL, version, "test");
    }

    /** Sends so many of the shop's records more. */
    private void replay(int count) {
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                Stream<FeedRecord> feed = shop().feed()) {
            sender.send(feed.skip(sent).limit(count).iterator(), 0, records -> {});
        }
        sent += count;
    }

    private void reconcile() {
        TopicReconciler.Verdict verdict = new TopicReconciler(
                        stack.kafka(),
                        PREFIX,
                        PREFIX + "job",
                        stack.rest(),
                        jobId,
                        Duration.ofSeconds(90),
                        null,
                        true,
                        System.out::println)
                .reconcile();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.result().lost()).isZero();
        assertThat(verdict.result().duplicated()).isZero();
        assertThat(verdict.result().eventsApplied()).isGreaterThan(sent * 9L / 10);
        assertThat(verdict.result().responses()).isEqualTo(verdict.result().requests());
    }

    private List<Recommendation> recommendationsSince(Instant time) {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        List<Recommendation> found = new ArrayList<>();
        try (TopicReader reader = new TopicReader(stack.kafka(), List.of(Topic.RECOMMENDATIONS.topicName(PREFIX)))) {
            reader.readToEnd(record -> {
                try {
                    if (record.value() != null) {
                        Recommendation read = codec.decode(record.value(), null);
                        if (read.getProducedAt() > time.toEpochMilli()) {
                            found.add(read);
                        }
                    }
                } catch (UndecodableRecordException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return found;
    }

    private void awaitModel() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> stack.rest().metricSum(jobId, "rebound.models_serving") == SCORING_TASKS);
    }

    /** Until a checkpoint holds all events that were sent. */
    private void awaitConsumed() {
        awaitConsumed(Topic.BEHAVIOUR_EVENTS);
    }

    /** Until a checkpoint holds all that the topics have now. Returns where they end. */
    private Map<TopicPartition, Long> awaitConsumed(Topic... topics) {
        List<String> names =
                Stream.of(topics).map(topic -> topic.topicName(PREFIX)).toList();
        try (GroupProgress group = new GroupProgress(stack.kafka(), PREFIX + "job");
                TopicReader reader = new TopicReader(stack.kafka(), names)) {
            Map<TopicPartition, Long> ends = reader.ends();
            await("all of the topics in a checkpoint")
                    .atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> group.lag(ends) == 0);
            return ends;
        }
    }
}
