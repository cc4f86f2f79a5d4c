package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.health.Diagnosis;
import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.control.health.HealthLimits;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the doctor measures of a job that works, and of a transaction that nobody ends: by a real Flink and real brokers. */
class DoctorFiguresIT {
    private static final String PREFIX = "doctor.";
    private static final int EVENTS = 2_000;
    private static final String JOB_TIMEOUT_SECONDS = "1234";
    private static final String ORPHAN = "main.orphan.1";
    private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final RunningStack RUNNING = RunningStack.shared();

    private final LocalStack stack = RUNNING.stack();

    @Test
    void aJobsOwnFiguresAreReadAndAnOrphanedTransactionIsNamed() throws Exception {
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(PREFIX));
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
                                "--kafka.transaction-timeout",
                                JOB_TIMEOUT_SECONDS + " s"));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        HealthCheck doctor = HealthCheck.of(stack, PREFIX);
        CompletableFuture<URI> address = new CompletableFuture<>();
        Future<?> watch = threads.submit(() -> {
            doctor.watch(Duration.ofSeconds(1), 0, alert -> {}, line -> tell(line, address));
            return null;
        });
        try {
            String ofJob = "{job=\"" + jobId + "\"}";
            URI metrics = address.get();
            replay(1);
            await("the answers and the event time of the job")
                    .atMost(PATIENCE)
                    .until(() -> figure(metrics, "rebound_answer_p99_seconds" + ofJob) > 0
                            && figure(metrics, "rebound_watermark_lag_seconds" + ofJob) > 0);
            AtomicInteger seed = new AtomicInteger(1);
            await("a transaction of the job, with its own timeout")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        // It ends with a checkpoint, and the next one begins with the next output.
                        replay(seed.incrementAndGet());
                        return figure(metrics, "rebound_open_transaction_timeout_seconds")
                                == Double.parseDouble(JOB_TIMEOUT_SECONDS);
                    });
            assertThat(figure(metrics, "rebound_job_restarts" + ofJob)).isZero();
            assertThat(figure(metrics, "rebound_health_checked{what=\"backups\"}"))
                    .isZero();
            assertThat(figure(metrics, "rebound_health_checked{what=\"readers\"}"))
                    .isEqualTo(1);

            try (KafkaProducer<byte[], byte[]> orphan = orphan()) {
                await("readers are held back")
                        .atMost(PATIENCE)
                        .until(() -> figure(metrics, held("seconds")) > 2 && figure(metrics, held("records")) > 0);
                // Not at once: what held them until now may have been a transaction of the job.
                await("the orphan is named")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        doctor.withLimits(strict()).look())
                                .extracting(Diagnosis::text)
                                .anySatisfy(text -> assertThat(text)
                                        .contains(
                                                "TRANSACTION_OPEN_LONG of " + ORPHAN,
                                                "of the " + ORPHAN_TIMEOUT.toSeconds() + " s that its job allows",
                                                Topic.RECOMMENDATIONS.topicName(PREFIX) + "-0")));
                orphan.abortTransaction();
            }
            await("readers go on").atMost(PATIENCE).until(() -> figure(metrics, held("seconds")) < 2);
        } finally {
            watch.cancel(true);
            threads.shutdownNow();
            stack.rest().cancel(jobId);
            await().atMost(PATIENCE)
                    .until(() -> !stack.rest().job(jobId).state().equals("CANCELLING"));
        }
    }

    private static void tell(String line, CompletableFuture<URI> address) {
        int at = line.indexOf("http://");
        if (at >= 0) {
            address.complete(URI.create(line.substring(at)));
        }
    }

    private static HealthLimits strict() {
        HealthLimits normal = HealthLimits.DEFAULT;
        return new HealthLimits(
                normal.backupAge(),
                0.01,
                normal.readersHeld(),
                normal.watermarkLag(),
                normal.restarts(),
                normal.answerTime());
    }

    private static String held(String unit) {
        return "rebound_readers_held_" + unit + "{topic=\"" + Topic.RECOMMENDATIONS.topicName(PREFIX) + "\"}";
    }

    /** NaN where there is none. */
    private static double figure(URI metrics, String series) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** With a record that nobody commits. */
    private KafkaProducer<byte[], byte[]> orphan() throws Exception {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                stack.kafka()
                        .client(Map.of(
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                ORPHAN,
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                (int) ORPHAN_TIMEOUT.toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Topic.RECOMMENDATIONS.topicName(PREFIX), 0, new byte[0], new byte[0]))
                .get();
        return producer;
    }

    private void replay(int seed) {
        ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
        try (FeedSender sender = new FeedSender(stack.kafka(), PREFIX);
                Stream<CatalogItem> catalog = shop.catalog();
                Stream<FeedRecord> feed = shop.feed()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
            sender.send(feed.iterator(), 0, sent -> {});
        }
    }
}
