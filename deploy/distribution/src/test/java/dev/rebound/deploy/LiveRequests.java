package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * People who ask for their home page, each at the time that it is: some whom the job knows and some whom it doesn't. One has
 * a clock that is ahead throughout, by as much as job and broker take.
 */
final class LiveRequests implements AutoCloseable {
    /** Whose clock is ahead. */
    static final String AHEAD = "ahead";

    private static final Duration REQUEST_AHEAD = Duration.ofHours(24);
    /** Of the record itself: a broker takes no more than an hour. */
    private static final Duration RECORD_AHEAD = Duration.ofMinutes(50);

    private static final int AHEAD_EVERY = 20;
    private static final int STRANGER_EVERY = 7;
    private static final int KNOWN_USERS = 500;
    private static final int TICKS_PER_SECOND = 50;
    private static final int ITEMS = 10;

    private final String topicPrefix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final FeedEncoder encoder = new FeedEncoder();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> ticking;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong made = new AtomicLong();
    private volatile int perSecond;
    /** Requests times ticks a second. */
    private long owed;

    /** Nobody asks for anything yet. */
    LiveRequests(KafkaCluster kafka, String topicPrefix) {
        this.topicPrefix = topicPrefix;
        producer = new KafkaProducer<>(
                kafka.client(
                        Map.of(ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        ticking = clock.scheduleAtFixedRate(this::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    /** From now on. */
    void flow(int requestsPerSecond) {
        perSecond = requestsPerSecond;
        assertThat(ticking.isDone()).as("requests flow").isFalse();
    }

    /** How many were made so far. */
    long made() {
        return made.get();
    }

    private void tick() {
        owed += perSecond;
        while (owed >= TICKS_PER_SECOND) {
            owed -= TICKS_PER_SECOND;
            send(made.incrementAndGet());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every failure
    private void send(long number) {
        long now = System.currentTimeMillis();
        boolean ahead = number % AHEAD_EVERY == 0;
        String user = ahead ? AHEAD : number % STRANGER_EVERY == 0 ? "stranger-" + number : "u" + number % KNOWN_USERS;
        FeedRecord request = encoder.request(RecommendationRequest.newBuilder()
                .setRequestId("r" + number)
                .setUserId(user)
                .setScenario(Scenario.HOME)
                .setCount(ITEMS)
                .setRequestedAt(ahead ? now + REQUEST_AHEAD.toMillis() : now)
                .build());
        producer.send(
                new ProducerRecord<>(
                        request.topic().topicName(topicPrefix),
                        null,
                        ahead ? now + RECORD_AHEAD.toMillis() : now,
                        request.key(),
                        request.value()),
                (metadata, refused) -> failure.compareAndSet(null, refused));
    }

    /** Ends them; returns once Kafka has all. */
    void stop() throws ExecutionException, InterruptedException {
        assertThat(ticking.isDone()).as("requests flowed until now").isFalse();
        perSecond = 0;
        // After the tick that runs now.
        clock.submit(producer::flush).get();
        assertThat(failure.get()).isNull();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close();
    }
}
