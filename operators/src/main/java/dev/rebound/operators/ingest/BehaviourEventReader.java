package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.allowName;
import static dev.rebound.operators.ingest.InvalidRecordException.allowText;
import static dev.rebound.operators.ingest.InvalidRecordException.requireAmount;
import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decodes and validates behaviour events. */
final class BehaviourEventReader implements RecordReader<UserSignal> {
    private static final long serialVersionUID = 1L;
    private static final int[] NO_TERMS = {};

    private final Pseudonyms pseudonyms;
    private transient RecordCodec<BehaviourEvent> codec;
    private transient BehaviourEvent event;
    private transient UserSignal signal;
    private transient ItemTerms terms;

    /** @param pseudonyms for user ids; opened by the caller */
    BehaviourEventReader(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    @Override
    public void open() {
        codec = RecordCodec.of(BehaviourEvent.class);
        event = new BehaviourEvent();
        signal = new UserSignal();
        terms = new ItemTerms();
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
        String campaignId = event.getCampaignId();
        signal.campaignKey = campaignId == null ? ItemKey.NONE : ItemKey.of(requireId("campaignId", campaignId));
        signal.costMinor = cost(event.getDiscountMinor());
        boolean takesItem = type != EventType.SEARCH && type != EventType.ERASE_USER;
        boolean hasItem = takesItem && (campaignId == null || event.getItemId() != null);
        signal.itemKey = hasItem ? ItemKey.of(requireId("itemId", event.getItemId())) : ItemKey.NONE;
        signal.query = allowText("query", event.getQuery());
        signal.requestId = allowName("requestId", event.getRequestId());
        if (type == EventType.SEARCH && (signal.query == null || signal.query.isEmpty())) {
            throw new InvalidRecordException(DeadLetterReason.MISSING_FIELD, "query is empty in a SEARCH event");
        }
        signal.queryTerms = type == EventType.SEARCH ? terms.of(signal.query) : NO_TERMS;
        return signal;
    }

    private static long cost(@Nullable Long discountMinor) throws InvalidRecordException {
        if (discountMinor == null) {
            return CampaignSignal.UNKNOWN_COST;
        }
        return requireAmount("discountMinor", discountMinor);
    }
}
