package dev.rebound.deploy.gateway.http;

import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds what comes in against what the job takes, with the job's own reader: what is accepted here never becomes a dead letter.
 * Not thread-safe.
 */
final class Contract {
    private final RecordCodec<RecommendationRequest> requestCodec = RecordCodec.of(RecommendationRequest.class);
    private final RecordCodec<BehaviourEvent> eventCodec = RecordCodec.of(BehaviourEvent.class);
    private final TopicDeserializer<UserSignal> requests = TopicDeserializer.requests();
    private final TopicDeserializer<UserSignal> events = TopicDeserializer.behaviourEvents();

    Contract() {
        requests.open();
        events.open();
    }

    /** Why the job would not take a request; empty if it does. */
    Optional<String> refusal(RecommendationRequest request) {
        return refusal(requests, requestCodec, request);
    }

    /** Why the job would not take an event; empty if it does. */
    Optional<String> refusal(BehaviourEvent event) {
        return refusal(events, eventCodec, event);
    }

    private static <T extends SpecificRecord> Optional<String> refusal(
            TopicDeserializer<UserSignal> reader, RecordCodec<T> codec, T value) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "",
                0,
                0,
                System.currentTimeMillis(),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                codec.encode(value),
                new org.apache.kafka.common.header.internals.RecordHeaders(),
                Optional.empty());
        DeadLetter letter = reader.decode(record).deadLetter;
        // A letter's message begins with the position of its record.
        return letter == null
                ? Optional.empty()
                : Optional.of(letter.getMessage().substring(letter.getMessage().indexOf(": ") + 2));
    }
}
