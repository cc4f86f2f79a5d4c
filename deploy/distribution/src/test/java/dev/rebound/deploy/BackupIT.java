package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.schemas.CatalogItem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Loses everything that a site has on HDFS, and goes on from a backup with the real stack. */
class BackupIT {
    private static final int EVENTS = 12_000;
    private static final String PREFIX = "backup.";
    private static final String MODEL = "ranker";
    private static final String VERSION = "1";

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    @TempDir
    Path target;

    @Test
    void aJobGoesOnFromABackupAfterHdfsWasLost() throws IOException {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(PREFIX));
        new ModelTraining(1, System.out::println)
                .train(shop().history(EVENTS), EVENTS, stack.files().registry(), MODEL, VERSION);
        publishCatalogAndModel();
        RecommendationJobs jobs = new RecommendationJobs(stack);
        String first = submit(jobs, null);
        replay(shop().feed().limit(EVENTS / 2));
        awaitApplied(first);

        JsonNode full = json("create", "--full");
        assertThat(full.path("copiedBytes").asLong())
                .isEqualTo(full.path("bytes").asLong())
                .isPositive();
        assertThat(points(full)).singleElement().asString().contains("/checkpoints/" + first + "/chk-");

        replay(shop().feed().skip(EVENTS / 2).limit(EVENTS / 4));
        awaitApplied(first);
        JsonNode withCheckpoint = json("create", "--incremental");
        assertThat(withCheckpoint.path("copiedBytes").asLong())
                .as("an incremental checkpoint shares files with the one before")
                .isPositive()
                .isLessThan(withCheckpoint.path("bytes").asLong());
        String savepoint = jobs.stop(first).path().toString();
        JsonNode incremental = json("create", "--incremental");
        assertThat(incremental.path("copiedBytes").asLong())
                .isPositive()
                .isLessThan(incremental.path("bytes").asLong());
        assertThat(points(incremental)).contains(savepoint);
        assertThat(json("verify").path("findings")).isEmpty();

        destroy();
        JsonNode restored = json("restore", "--only", "models,savepoints");
        assertThat(points(restored)).containsExactly(savepoint);
        String second = submit(jobs, savepoint);
        replay(shop().feed().skip(EVENTS * 3L / 4));

        TopicReconciler.Verdict verdict = new TopicReconciler(
                        stack.kafka(),
                        PREFIX,
                        PREFIX + "job",
                        stack.rest(),
                        second,
                        Duration.ofSeconds(90),
                        System.out::println)
                .reconcile();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.result().lost()).isZero();
        assertThat(verdict.result().duplicated()).isZero();
        assertThat(verdict.result().modelVersion()).isEqualTo(VERSION);
        assertThat(verdict.result().eventsApplied()).isGreaterThan(EVENTS * 9L / 10);
        assertThat(stack.rest().checkpoints(second).counts().restored()).isEqualTo(1);
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(1, EVENTS);
    }

    private void publishCatalogAndModel() {
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        new ModelReleases(stack.kafka(), PREFIX, stack.epoch())
                .publish(stack.files().registry(), MODEL, VERSION, "test");
    }

    private String submit(RecommendationJobs jobs, String savepoint) {
        String jobId = jobs.submit(
                null,
                savepoint,
                Map.of(
                        "kafka.bootstrap-servers",
                        stack.kafka().bootstrapServers(),
                        "kafka.topic-prefix",
                        PREFIX,
                        "kafka.group-id",
                        PREFIX + "job"));
        await().atMost(Duration.ofMinutes(2)).until(() -> stack.rest().metricSum(jobId, "rebound.models_serving") > 0);
        return jobId;
    }

    private void replay(Stream<FeedRecord> feed) {
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                feed) {
            sender.send(feed.iterator(), 0, records -> {});
        }
    }

    /** Waits for a checkpoint that began after the sources had read everything. */
    private void awaitApplied(String jobId) {
        await().atMost(Duration.ofMinutes(2)).until(() -> stack.rest().metricSum(jobId, "pendingRecords") == 0);
        long completed = stack.rest().checkpoints(jobId).counts().completed();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> stack.rest().checkpoints(jobId).counts().completed() > completed + 1);
    }

    /** Deletes what the site keeps on HDFS, which works only if the backups left no snapshot there. */
    private void destroy() throws IOException {
        org.apache.hadoop.fs.Path site = new org.apache.hadoop.fs.Path("/rebound");
        try (FileSystem hdfs = stack.openHdfs()) {
            assertThat(((DistributedFileSystem) hdfs).getSnapshotListing(site)).isEmpty();
            assertThat(hdfs.delete(site, true)).isTrue();
            assertThat(hdfs.exists(site)).isFalse();
        }
    }

    private static List<String> points(JsonNode result) {
        List<String> points = new ArrayList<>();
        result.path("points").forEach(point -> points.add(point.asText()));
        return points;
    }

    private JsonNode json(String command, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("backup", command, "--json"));
        args.addAll(List.of("--target", target.toUri().toString()));
        args.addAll(List.of(options));
        return new ObjectMapper().readTree(CommandOfStack.run(stack, args));
    }
}
