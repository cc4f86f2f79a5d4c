package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.health.Diagnosis;
import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job begins while HDFS is in safe mode, and can read no model: nobody takes the model for a bad one. */
@LongTest
class UnreadableRegistryIT {
    private static final String PREFIX = "safemode.";
    private static final int EVENTS = 4_000;
    private static final int SCORING_TASKS = 2;
    /** Each scoring task tells once a minute: by then HDFS has been away for two. */
    private static final int ALERTS = 3 * SCORING_TASKS;

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    @TempDir
    Path folder;

    private final LocalStack stack = RUNNING.stack();

    @Test
    void theReleaseStaysInForceIsToldAndServesWhenHdfsIsBack() throws Exception {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(PREFIX));
        new TestPackages(stack.files().registry(), "ranker").writeGood("1");
        new ModelReleases(stack.kafka(), PREFIX, stack.epoch())
                .publish(stack.files().registry(), "ranker", "1", "test");
        List<ManagedProcess> taskManagers = stack.taskManagers();
        taskManagers.forEach(ManagedProcess::kill);
        String jobId = stack.flink()
                .submit(
                        stack.jobJar(),
                        List.of(),
                        List.of(
                                "--kafka.bootstrap-servers",
                                stack.kafka().bootstrapServers(),
                                "--kafka.topic-prefix",
                                PREFIX,
                                "--kafka.group-id",
                                PREFIX + "job",
                                "--model.cache-dir",
                                folder.resolve("cache").toString()));

        enterSafeMode();
        taskManagers.forEach(each -> stack.startTaskManager((component, message) -> {}));
        replay();

        await("the alerts of two minutes")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> unavailable().size() >= ALERTS);
        assertThat(unavailable())
                .allSatisfy(alert -> assertThat(alert.getMessage()).contains("LIVE", "model.json can't be read now"));
        assertThat(stack.rest().metricSum(jobId, "rebound.models_refused_total"))
                .isZero();
        assertThat(HealthCheck.of(stack, PREFIX).look())
                .extracting(Diagnosis::text)
                .anyMatch(text ->
                        text.contains("CRITICAL") && text.contains("hdfs") && text.contains("MODEL_UNAVAILABLE"));

        assertThat(verdict(jobId, Duration.ofSeconds(5)).findings())
                .as("what reconcile says meanwhile")
                .anyMatch(finding ->
                        finding.contains("list is made by a fallback") && finding.contains("MODEL_UNAVAILABLE"))
                .anyMatch(finding -> finding.startsWith("no checkpoint of job " + jobId));

        stack.start("datanode", (component, message) -> {});
        await("HDFS can be read")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(this::isReadable);
        long back = System.nanoTime();
        await("every scoring task serves the release")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> stack.rest().metricSum(jobId, "rebound.models_serving") == SCORING_TASKS);
        System.out.printf(
                "told by metrics, which are up to ten seconds old: serves %.1f s after HDFS is back%n",
                (System.nanoTime() - back) / 1e9);
        reconcile(jobId);
    }

    /** A NameNode that no DataNode has told of its blocks is in safe mode, and can say where none of them is. */
    private void enterSafeMode() {
        stack.running("datanode").kill();
        stack.running("namenode").kill();
        stack.start("namenode", (component, message) -> {});
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(1, EVENTS);
    }

    private void replay() {
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                Stream<CatalogItem> catalog = shop().catalog();
                Stream<FeedRecord> feed = shop().feed()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
            sender.send(feed.iterator(), 0, sent -> {});
        }
    }

    private List<Alert> unavailable() {
        RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
        List<Alert> alerts = new ArrayList<>();
        try (TopicReader reader = new TopicReader(stack.kafka(), List.of(Topic.ALERTS.topicName(PREFIX)))) {
            reader.readToEnd(record -> {
                try {
                    Alert alert = codec.decode(record.value(), null);
                    if (alert.getReason().equals("MODEL_UNAVAILABLE")) {
                        alerts.add(alert);
                    }
                } catch (UndecodableRecordException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return alerts;
    }

    private boolean isReadable() {
        org.apache.flink.core.fs.Path manifest =
                new org.apache.flink.core.fs.Path(stack.files().registry(), "ranker/1/" + ModelManifest.FILE);
        try (InputStream in = manifest.getFileSystem().open(manifest)) {
            return in.readAllBytes().length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void reconcile(String jobId) {
        TopicReconciler.Verdict verdict = verdict(jobId, Duration.ofSeconds(90));
        assertThat(verdict.result().lost()).isZero();
        assertThat(verdict.result().duplicated()).isZero();
        assertThat(verdict.result().eventsApplied()).isGreaterThan(EVENTS * 9L / 10);
    }

    private TopicReconciler.Verdict verdict(String jobId, Duration patience) {
        return new TopicReconciler(
                        stack.kafka(), PREFIX, PREFIX + "job", stack.rest(), jobId, patience, System.out::println)
                .reconcile();
    }
}
