package dev.rebound.deploy.gateway.live;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends requests to the job and hands back what it answers. Each request names a partition of recommendation-responses that is
 * this gateway's, so that it reads its own answers and no other's.
 */
public final class LiveAnswers implements AutoCloseable {
    /** Nobody waits longer for an answer, and a request that is sent later is of no use. */
    private static final int LONGEST_MILLIS = 1000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final ThreadLocal<RecordCodec<RecommendationRequest>> codecs =
            ThreadLocal.withInitial(() -> RecordCodec.of(RecommendationRequest.class));
    private final Map<String, CompletableFuture<Recommendation>> waiting = new ConcurrentHashMap<>();
    private final ReplyReader replies;

    public LiveAnswers(KafkaCluster kafka, String topicPrefix) {
        this.topic = Topic.RECOMMENDATION_REQUESTS.topicName(topicPrefix);
        this.producer = new KafkaProducer<>(
                kafka.client(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "1",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        LONGEST_MILLIS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        LONGEST_MILLIS,
                        ProducerConfig.METADATA_MAX_AGE_CONFIG,
                        10_000,
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                        86_400_000L)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.replies = ReplyReader.start(kafka, topicPrefix, this::answered);
    }

    /**
     * Asks the job.
     *
     * @return fails where the request can't be sent; may never be completed else, and is forgotten once it is by anybody
     */
    public CompletableFuture<Recommendation> ask(RecommendationRequest request) {
        int[] own = replies.partitions();
        if (own.length == 0) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("No partition of answers is this gateway's"));
        }
        request.setReplyPartition(own[ThreadLocalRandom.current().nextInt(own.length)]);
        CompletableFuture<Recommendation> answer = new CompletableFuture<>();
        waiting.put(request.getRequestId(), answer);
        var unused = answer.whenComplete((made, failure) -> waiting.remove(request.getRequestId()));
        try {
            var unusedToo = producer.send(
                    new ProducerRecord<>(
                            topic,
                            request.getUserId().getBytes(StandardCharsets.UTF_8),
                            codecs.get().encode(request)),
                    (written, failure) -> {
                        if (failure != null) {
                            answer.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void answered(Recommendation made) {
        String requestId = made.getRequestId();
        CompletableFuture<Recommendation> asked = requestId == null ? null : waiting.get(requestId);
        if (asked != null) {
            asked.complete(made);
        }
    }

    /** How many requests wait for their answer. */
    public int waiting() {
        return waiting.size();
    }

    /** Whether answers can reach this gateway. */
    public boolean isReachable() {
        return replies.partitions().length > 0;
    }

    @Override
    public void close() {
        replies.close();
        producer.close(java.time.Duration.ofMillis(LONGEST_MILLIS));
    }
}
