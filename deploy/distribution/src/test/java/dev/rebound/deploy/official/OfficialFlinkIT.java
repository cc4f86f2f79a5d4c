package dev.rebound.deploy.official;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.LongTest;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.official.Site.MutualTls;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The job on Flink's official distribution, set up and submitted as docs/clusters.md says under "On your own cluster". */
@LongTest
class OfficialFlinkIT {
    private static final int SEED = 1;
    private static final int EVENTS = 6_000;
    private static final int TASK_MANAGERS = 2;
    private static final int SCORING_TASKS = 2;
    private static final String MODEL = "ranker";
    private static final String VERSION = "official";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern SUBMITTED = Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private static OfficialFlink official;

    @RegisterExtension
    static final KafkaAndHdfs STORAGE = new KafkaAndHdfs();

    private final LocalStack stack = STORAGE.stack();

    @BeforeAll
    static void fetchFlink() {
        official = OfficialFlink.orSkip();
    }

    @Test
    void theJobRunsAsDocumentedAndNothingIsLostOrDoubled() throws Exception {
        KafkaTopics.create(stack.kafka(), stack.topics());
        publishCatalogAndModel();
        InstalledFlink flink = install("plain", site());
        try (RunningOfficialFlink running = RunningOfficialFlink.start(flink, TASK_MANAGERS)) {
            FlinkRest rest = new FlinkRest(flink.rest());
            String jobId = submitAsDocumented(flink);
            await("every scoring task has the model")
                    .atMost(PATIENCE)
                    .until(() -> rest.metricSum(jobId, "rebound.models_serving") == SCORING_TASKS);
            replay();

            TopicReconciler.Verdict verdict = reconcile(rest, jobId);
            System.out.println("reconciled on the official Flink: " + verdict.result());

            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(verdict.result().eventsApplied()).isGreaterThan(EVENTS * 9L / 10);
            assertThat(verdict.result().requests()).isPositive();
            assertThat(verdict.result().responses()).isEqualTo(verdict.result().requests());
            assertThat(verdict.result().modelVersion()).isEqualTo(VERSION);
            assertThat(rest.checkpoints(jobId).counts().restored())
                    .as("failures that the job recovered from")
                    .isZero();
        }
    }

    @Test
    void withMutualTlsTheJobRunsAndWhoeverHasNoCertificateOfTheSiteIsRefused() throws Exception {
        KafkaTopics.create(stack.kafka(), stack.topics());
        Path keys = STORAGE.folder().resolve("keys");
        KeyStoreFile rest = KeyStoreFile.selfSigned(keys, "rest");
        KeyStoreFile stranger = KeyStoreFile.selfSigned(keys, "stranger");
        MutualTls tls = new MutualTls(KeyStoreFile.selfSigned(keys, "internal"), rest);
        InstalledFlink flink = install("tls", site().with(tls));
        try (RunningOfficialFlink running = RunningOfficialFlink.start(flink, TASK_MANAGERS)) {
            String jobId = submitAsDocumented(flink);
            await("a checkpoint of the job, whose tasks speak TLS to each other")
                    .atMost(PATIENCE)
                    .until(() -> running.get("/jobs/" + jobId + "/checkpoints")
                                    .at("/counts/completed")
                                    .asInt()
                            > 0);

            assertThat(statusFor(running, RunningOfficialFlink.client(rest.believing(rest))))
                    .isEqualTo(200);
            assertThatThrownBy(() ->
                            statusFor(running, RunningOfficialFlink.client(KeyStoreFile.anonymousBelieving(rest))))
                    .as("a client that shows no certificate")
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> statusFor(running, RunningOfficialFlink.client(stranger.believing(rest))))
                    .as("a client that shows a certificate of its own")
                    .isInstanceOf(IOException.class);
            URI unencrypted = URI.create("http://127.0.0.1:" + flink.rest().getPort());
            assertThatThrownBy(() -> new FlinkRest(unencrypted).overview())
                    .as("a client that speaks no TLS")
                    .hasMessageContaining(unencrypted.toString());
        }
    }

    private static int statusFor(RunningOfficialFlink running, HttpClient client)
            throws IOException, InterruptedException {
        return running.get(client, "/overview").statusCode();
    }

    private Site site() {
        return Site.of(stack.layout().hdfsConf(), stack.hdfsUri().resolve("/flink"));
    }

    private InstalledFlink install(String name, Site site) {
        return InstalledFlink.install(
                official,
                STORAGE.folder().resolve("flink-" + name),
                stack.layout().home(),
                site);
    }

    private String submitAsDocumented(InstalledFlink flink) throws IOException, InterruptedException {
        String output = DocumentedCommand.under("## On your own cluster", "flink run -d ")
                .with("broker1:9092,broker2:9092", stack.kafka().bootstrapServers())
                .run(flink);
        Matcher submitted = SUBMITTED.matcher(output);
        assertThat(submitted.find()).as(output).isTrue();
        return submitted.group(1);
    }

    private void publishCatalogAndModel() {
        try (FeedSender sender = new FeedSender(stack.kafka(), Topic.DEFAULT_PREFIX);
                Stream<CatalogItem> catalog = shop().catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        var registry = stack.files().registry();
        new ModelTraining(SEED, System.out::println).train(shop().history(EVENTS), EVENTS, registry, MODEL, VERSION);
        new ModelReleases(stack.kafka(), Topic.DEFAULT_PREFIX, stack.epoch()).publish(registry, MODEL, VERSION, "test");
    }

    private void replay() {
        try (FeedSender sender = new FeedSender(stack.kafka(), Topic.DEFAULT_PREFIX);
                Stream<FeedRecord> feed = shop().feed()) {
            sender.send(feed.limit(EVENTS).iterator(), 0, sent -> {});
        }
    }

    private TopicReconciler.Verdict reconcile(FlinkRest rest, String jobId) {
        Progress progress = System.out::println;
        try (TopicReconciler reconciler = new TopicReconciler(
                stack.kafka(),
                Topic.DEFAULT_PREFIX,
                JobOptions.GROUP_ID.defaultValue(),
                rest,
                jobId,
                Duration.ofSeconds(90),
                progress)) {
            return reconciler.reconcile();
        }
    }

    private static ShopGenerator shop() {
        return ShopGenerator.of(SEED, EVENTS);
    }
}
