package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.features.ItemKey;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes and validates behaviour events. */
final class BehaviourEventReader implements RecordReader<UserSignal> {
    private static final long serialVersionUID = 1L;

    private final Pseudonyms pseudonyms;
    private transient RecordCodec<BehaviourEvent> codec;
    private transient BehaviourEvent event;
    private transient UserSignal signal;

    /** @param pseudonyms for user ids; opened by the caller */
    BehaviourEventReader(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    @Override
    public void open() {
        codec = RecordCodec.of(BehaviourEvent.class);
        signal = new UserSignal();
        signal.kind = UserSignal.Kind.EVENT;
    }

    @Override
    public UserSignal read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        event = codec.decode(record.value(), event);
        EventType type = event.getType();
        if (type == EventType.UNKNOWN) {
            throw new InvalidRecordException(
                    DeadLetterReason.UNKNOWN_ENUM,
                    "type is none that this job knows; deploy the job before the producer");
        }
        signal.userId = pseudonyms.of(requireId("userId", event.getUserId()));
        signal.id = requireId("eventId", event.getEventId());
        signal.type = type.ordinal();
        signal.timeMillis = TimeBounds.require("eventTime", event.getEventTime(), record.timestamp());
        boolean needsItem = type != EventType.SEARCH && type != EventType.ERASE_USER;
        signal.itemKey = needsItem ? ItemKey.of(requireId("itemId", event.getItemId())) : ItemKey.NONE;
        signal.query = event.getQuery();
        signal.requestId = event.getRequestId();
        if (type == EventType.SEARCH && (signal.query == null || signal.query.isEmpty())) {
            throw new InvalidRecordException(DeadLetterReason.MISSING_FIELD, "query is empty in a SEARCH event");
        }
        return signal;
    }
}
