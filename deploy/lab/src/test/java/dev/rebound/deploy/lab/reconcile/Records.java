package dev.rebound.deploy.lab.reconcile;

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

    /** Of a job that began long ago. */
    static final JobTerms TERMS =
            new JobTerms(60_000, 10, 1_800_000, true, 30_000, Exclusions.NONE, 0, NOW - 3_600_000);

    private Records() {}

    static JobTerms termsOfEpoch(long siteEpoch) {
        return new JobTerms(60_000, 10, 1_800_000, true, 30_000, Exclusions.NONE, siteEpoch, NOW - 3_600_000);
    }

    static JobTerms termsExcluding(Exclusions exclusions) {
        return new JobTerms(60_000, 10, 1_800_000, true, 30_000, exclusions, 0, NOW - 3_600_000);
    }

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
        return encoded(aRequest(id).build());
    }

    /** By u1, for ten items. */
    static RecommendationRequest.Builder aRequest(String id) {
        return RecommendationRequest.newBuilder()
                .setRequestId(id)
                .setUserId("u1")
                .setScenario(Scenario.HOME)
                .setRequestedAt(NOW);
    }

    static byte[] encoded(RecommendationRequest request) {
        return RecordCodec.of(RecommendationRequest.class).encode(request);
    }

    static byte[] encoded(BehaviourEvent event) {
        return RecordCodec.of(BehaviourEvent.class).encode(event);
    }

    static byte[] encoded(CatalogItem item) {
        return RecordCodec.of(CatalogItem.class).encode(item);
    }

    static byte[] encoded(Recommendation recommendation) {
        return RecordCodec.of(Recommendation.class).encode(recommendation);
    }

    static byte[] encoded(UserProfile profile) {
        return RecordCodec.of(UserProfile.class).encode(profile);
    }

    static byte[] encoded(TrainingExample example) {
        return RecordCodec.of(TrainingExample.class).encode(example);
    }

    static byte[] item(String id, boolean available) {
        return encoded(anItem(id).setAvailable(available).build());
    }

    static CatalogItem.Builder anItem(String id) {
        return CatalogItem.newBuilder().setItemId(id).setUpdatedAt(NOW);
    }

    static byte[] profile(String user, Map<String, Long> counts) {
        return encoded(aProfile(user, counts).build());
    }

    /** Of one session in which everything was done with i1 at once. */
    static UserProfile.Builder aProfile(String user, Map<String, Long> counts) {
        return UserProfile.newBuilder()
                .setUserId(user)
                .setEventCounts(counts)
                .setSessions(1)
                .setFirstEventTime(NOW)
                .setLastEventTime(NOW)
                .setRecentItemIds(List.of("i1"))
                .setProducedAt(NOW + 1000);
    }

    /** For u1: the answer to a request, or else what event e1 caused. */
    static byte[] recommendation(String id, String requestId, long producedAt, String... items) {
        return recommendation(id, "u1", requestId, requestId == null ? "e1" : null, producedAt, items);
    }

    static byte[] recommendation(
            String id, String userId, String requestId, String eventId, long producedAt, String... items) {
        return encoded(aRecommendation(id, userId, requestId, eventId, producedAt, items)
                .build());
    }

    static Recommendation.Builder aRecommendation(
            String id, String userId, String requestId, String eventId, long producedAt, String... items) {
        return Recommendation.newBuilder()
                .setRecommendationId(id)
                .setRequestId(requestId)
                .setTriggerEventId(eventId)
                .setUserId(userId)
                .setScenario(Scenario.HOME)
                .setItems(List.of(items).stream()
                        .map(item -> new RecommendedItem(item, 0.5f, List.of(), Map.of(), 1f))
                        .toList())
                .setModelVersion("v1")
                .setProducedAt(producedAt);
    }

    /** What u1 does with i1 of an answer. */
    static byte[] feedback(String id, String requestId, EventType type) {
        return RecordCodec.of(BehaviourEvent.class)
                .encode(anEvent(id, "u1", type).setRequestId(requestId).build());
    }

    /** Of i1, shown to u1. */
    static byte[] example(String recommendationId, String requestId, EventType action) {
        return encoded(anExample(recommendationId, requestId, action).build());
    }

    static TrainingExample.Builder anExample(String recommendationId, String requestId, EventType action) {
        return TrainingExample.newBuilder()
                .setRecommendationId(recommendationId)
                .setUserId("u1")
                .setItemId("i1")
                .setPosition(0)
                .setModelVersion("v1")
                .setScore(0.5f)
                .setLabel(action == EventType.IMPRESSION ? 0f : 1f)
                .setRecentItemIds(List.of())
                .setDenseFeatures(List.of())
                .setScoredAt(NOW)
                .setRequestId(requestId)
                .setAction(action);
    }

    static byte[] deadLetter(long offset, DeadLetterReason reason) {
        return deadLetter("in", offset, reason);
    }

    static byte[] deadLetter(String topic, long offset, DeadLetterReason reason) {
        return RecordCodec.of(DeadLetter.class)
                .encode(DeadLetter.newBuilder()
                        .setTopic(topic)
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
        return record("in", offset, timestamp, key, value);
    }

    static ConsumerRecord<byte[], byte[]> inCatalog(long offset, long timestamp, String key, byte[] value) {
        return record("catalog", offset, timestamp, key, value);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, long timestamp, String key, byte[] value) {
        return new ConsumerRecord<>(
                topic,
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
