package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.allowName;
import static dev.rebound.operators.ingest.InvalidRecordException.allowText;
import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.UndecodableRecordException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decodes and validates recommendation requests. */
final class RequestReader implements RecordReader<UserSignal> {
    private static final long serialVersionUID = 1L;
    private static final int MAX_COUNT = 100;
    private static final int MOST_CANDIDATES = 10_000;
    private static final int[] NO_TERMS = {};

    private final Pseudonyms pseudonyms;
    private transient RecordCodec<RecommendationRequest> codec;
    private transient RecommendationRequest request;
    private transient UserSignal signal;
    private transient ItemTerms terms;

    /** @param pseudonyms for user ids; opened by the caller */
    RequestReader(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    @Override
    public void open() {
        codec = RecordCodec.of(RecommendationRequest.class);
        request = new RecommendationRequest();
        signal = new UserSignal();
        terms = new ItemTerms();
        signal.kind = UserSignal.Kind.REQUEST;
    }

    @Override
    public UserSignal read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        request = codec.decode(record.value(), request);
        Scenario scenario = request.getScenario();
        if (scenario == Scenario.UNKNOWN) {
            throw new InvalidRecordException(
                    DeadLetterReason.UNKNOWN_ENUM,
                    "scenario is none that this job knows; deploy the job before the producer");
        }
        signal.userId = pseudonyms.of(requireId("userId", request.getUserId()));
        signal.id = requireId("requestId", request.getRequestId());
        signal.type = scenario.ordinal();
        signal.timeMillis = TimeBounds.require("requestedAt", request.getRequestedAt(), record.timestamp());
        signal.recordMillis = record.timestamp();
        signal.replyPartition = replyPartition(request.getReplyPartition());
        signal.itemKey = contextItem(scenario);
        signal.query = allowText("query", request.getQuery());
        if (scenario == Scenario.SEARCH && (signal.query == null || signal.query.isEmpty())) {
            throw new InvalidRecordException(DeadLetterReason.MISSING_FIELD, "query is empty in a SEARCH request");
        }
        signal.queryTerms = scenario == Scenario.SEARCH ? terms.of(signal.query) : NO_TERMS;
        signal.candidates = candidates(request.getCandidates());
        signal.explain = request.getExplain();
        signal.count = request.getCount();
        if (signal.count < 1 || signal.count > MAX_COUNT) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE, "count " + signal.count + " is not between 1 and " + MAX_COUNT);
        }
        return signal;
    }

    /** Whether there is such a partition is known where the answer is sent. */
    private static int replyPartition(@Nullable Integer wanted) throws InvalidRecordException {
        if (wanted == null) {
            return UserSignal.BY_USER;
        }
        if (wanted < 0) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE, "replyPartition " + wanted + " is negative; leave it out for none");
        }
        return wanted;
    }

    private long contextItem(Scenario scenario) throws InvalidRecordException {
        String itemId = request.getContextItemId();
        if (scenario == Scenario.SIMILAR_ITEMS) {
            return ItemKey.of(requireId("contextItemId", itemId));
        }
        return itemId == null ? ItemKey.NONE : ItemKey.of(allowName("contextItemId", itemId));
    }

    private static long @Nullable [] candidates(@Nullable List<String> ids) throws InvalidRecordException {
        if (ids == null) {
            return null;
        }
        if (ids.size() > MOST_CANDIDATES) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE,
                    "candidates has " + ids.size() + " entries, at most " + MOST_CANDIDATES + " are allowed");
        }
        return ids.stream().mapToLong(ItemKey::of).toArray();
    }
}
