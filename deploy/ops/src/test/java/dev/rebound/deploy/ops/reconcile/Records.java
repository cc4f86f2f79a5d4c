package dev.rebound.deploy.ops.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as a consumer would get them, with good defaults. */
final class Records {
    static final long NOW = 1_750_000_000_000L;

    private Records() {}

    static byte[] event(String id, String user, EventType type) {
        return RecordCodec.of(BehaviourEvent.class)
                .encode(anEvent(id, user, type).build());
    }

    static BehaviourEvent.Builder anEvent(String id, String user, EventType type) {
        return BehaviourEvent.newBuilder()
                .setEventId(id)
                .setUserId(user)
                .setType(type)
                .setItemId("i1")
                .setEventTime(NOW);
    }

    static byte[] request(String id) {
        return RecordCodec.of(RecommendationRequest.class)
                .encode(RecommendationRequest.newBuilder()
                        .setRequestId(id)
                        .setUserId("u1")
                        .setScenario(Scenario.HOME)
                        .setRequestedAt(NOW)
                        .build());
    }

    static byte[] item(String id, boolean available) {
        return RecordCodec.of(CatalogItem.class)
                .encode(CatalogItem.newBuilder()
                        .setItemId(id)
                        .setAvailable(available)
                        .setUpdatedAt(NOW)
                        .build());
    }

    static byte[] profile(String user, Map<String, Long> counts) {
        return RecordCodec.of(UserProfile.class)
                .encode(UserProfile.newBuilder()
                        .setUserId(user)
                        .setEventCounts(counts)
                        .setFirstEventTime(NOW)
                        .setLastEventTime(NOW)
                        .setProducedAt(NOW + 1000)
                        .build());
    }

    /** @param requestId null for one that an event caused */
    /** For u1: the answer to a request, or else what event e1 caused. */
    static byte[] recommendation(String id, String requestId, long producedAt, String... items) {
        return recommendation(id, "u1", requestId, requestId == null ? "e1" : null, producedAt, items);
    }

    static byte[] recommendation(
            String id, String userId, String requestId, String eventId, long producedAt, String... items) {
        return RecordCodec.of(Recommendation.class)
                .encode(Recommendation.newBuilder()
                        .setRecommendationId(id)
                        .setRequestId(requestId)
                        .setTriggerEventId(eventId)
                        .setUserId(userId)
                        .setScenario(Scenario.HOME)
                        .setItems(List.of(items).stream()
                                .map(item -> new RecommendedItem(item, 0.5f, List.of(), Map.of(), 1f))
                                .toList())
                        .setModelVersion("v1")
                        .setProducedAt(producedAt)
                        .build());
    }

    /** What u1 does with i1 of an answer. */
    static byte[] feedback(String id, String requestId, EventType type) {
        return RecordCodec.of(BehaviourEvent.class)
                .encode(anEvent(id, "u1", type).setRequestId(requestId).build());
    }

    /** Of i1, shown to u1. */
    static byte[] example(String recommendationId, String requestId, EventType action) {
        return RecordCodec.of(TrainingExample.class)
                .encode(TrainingExample.newBuilder()
                        .setRecommendationId(recommendationId)
                        .setUserId("u1")
                        .setItemId("i1")
                        .setPosition(0)
                        .setModelVersion("v1")
                        .setScore(0.5f)
                        .setRecentItemIds(List.of())
                        .setDenseFeatures(List.of())
                        .setScoredAt(NOW)
                        .setRequestId(requestId)
                        .setAction(action)
                        .build());
    }

    static byte[] deadLetter(long offset, DeadLetterReason reason) {
        return RecordCodec.of(DeadLetter.class)
                .encode(DeadLetter.newBuilder()
                        .setTopic("in")
                        .setPartition(0)
                        .setOffset(offset)
                        .setReason(reason)
                        .setMessage("")
                        .setSeenAt(NOW)
                        .build());
    }

    static ConsumerRecord<byte[], byte[]> at(long offset, byte[] value) {
        return record(offset, NOW, "k", value);
    }

    static ConsumerRecord<byte[], byte[]> at(byte[] value) {
        return at(0, value);
    }

    static ConsumerRecord<byte[], byte[]> record(long offset, long timestamp, String key, byte[] value) {
        return new ConsumerRecord<>(
                "in",
                0,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                key.getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
