package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a decoded record must say to be used. Written from the contract of the topics, not from the job. */
final class InputContract {
    private static final int MOST_ID_CHARACTERS = 256;
    private static final int MOST_TEXT_CHARACTERS = 4_096;
    private static final int MOST_ITEMS = 100;
    private static final int MOST_CANDIDATES = 10_000;
    private static final long MOST_MINOR = 1_000_000_000_000_000L;
    private static final int MOST_EMBEDDING = 1024;
    private static final float LARGEST_IN_EMBEDDING = 1e6f;
    private static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
    private static final long AHEAD = Duration.ofDays(1).toMillis();

    private InputContract() {}

    /** Why an event can't be used; empty if it can. */
    static Optional<DeadLetterReason> refusal(BehaviourEvent event, long brokerMillis) {
        EventType type = event.getType();
        boolean takesItem = type != EventType.SEARCH && type != EventType.ERASE_USER;
        boolean needsItem = takesItem && event.getCampaignId() == null;
        boolean hasItem = takesItem && event.getItemId() != null;
        return first(
                type == EventType.UNKNOWN ? DeadLetterReason.UNKNOWN_ENUM : null,
                id(event.getUserId()),
                id(event.getEventId()),
                time(event.getEventTime(), brokerMillis),
                event.getCampaignId() == null ? null : id(event.getCampaignId()),
                amount(event.getDiscountMinor()),
                needsItem || hasItem ? id(event.getItemId()) : null,
                type == EventType.SEARCH ? present(event.getQuery()) : null,
                atMost(MOST_TEXT_CHARACTERS, event.getQuery()),
                atMost(MOST_ID_CHARACTERS, event.getRequestId()));
    }

    /** Why a request can't be answered; empty if it can. */
    static Optional<DeadLetterReason> refusal(RecommendationRequest request, long brokerMillis) {
        Scenario scenario = request.getScenario();
        boolean countRight = request.getCount() >= 1 && request.getCount() <= MOST_ITEMS;
        boolean candidatesRight =
                request.getCandidates() == null || request.getCandidates().size() <= MOST_CANDIDATES;
        return first(
                scenario == Scenario.UNKNOWN ? DeadLetterReason.UNKNOWN_ENUM : null,
                id(request.getUserId()),
                id(request.getRequestId()),
                time(request.getRequestedAt(), brokerMillis),
                request.getReplyPartition() != null && request.getReplyPartition() < 0
                        ? DeadLetterReason.OUT_OF_RANGE
                        : null,
                scenario == Scenario.SIMILAR_ITEMS ? id(request.getContextItemId()) : null,
                scenario == Scenario.SEARCH ? present(request.getQuery()) : null,
                countRight && candidatesRight ? null : DeadLetterReason.OUT_OF_RANGE,
                atMost(MOST_TEXT_CHARACTERS, request.getQuery()),
                atMost(MOST_ID_CHARACTERS, request.getContextItemId()));
    }

    /** Why an item can't be sold; empty if it can. */
    static Optional<DeadLetterReason> refusal(CatalogItem item, long brokerMillis) {
        List<String> path = item.getCategoryPath();
        return first(
                amount(item.getPriceMinor()),
                path.isEmpty() ? null : atMost(MOST_ID_CHARACTERS, path.get(path.size() - 1)),
                atMost(MOST_ID_CHARACTERS, item.getBrand()),
                id(item.getItemId()),
                embedding(item.getContentEmbedding()),
                time(item.getUpdatedAt(), brokerMillis));
    }

    /** Why the item of a key can't be removed; empty if it can. */
    static Optional<DeadLetterReason> refusalOfItemId(String itemId) {
        return first(id(itemId));
    }

    private static @Nullable DeadLetterReason embedding(@Nullable List<Float> values) {
        boolean right = values == null
                || (values.size() <= MOST_EMBEDDING
                        && values.stream().allMatch(value -> Math.abs(value) <= LARGEST_IN_EMBEDDING));
        return right ? null : DeadLetterReason.OUT_OF_RANGE;
    }

    private static @Nullable DeadLetterReason id(@Nullable String id) {
        DeadLetterReason missing = present(id);
        if (missing != null) {
            return missing;
        }
        return atMost(MOST_ID_CHARACTERS, id);
    }

    private static @Nullable DeadLetterReason atMost(int characters, @Nullable String text) {
        return text != null && text.length() > characters ? DeadLetterReason.OUT_OF_RANGE : null;
    }

    private static @Nullable DeadLetterReason amount(@Nullable Long minor) {
        return minor != null && (minor < 0 || minor > MOST_MINOR) ? DeadLetterReason.OUT_OF_RANGE : null;
    }

    /** A time as the job takes it: a clock that is ahead of the brokers' does not count. */
    static long notAhead(long timeMillis, long brokerMillis) {
        return Math.min(timeMillis, brokerMillis);
    }

    private static @Nullable DeadLetterReason present(@Nullable String text) {
        return text == null || text.isEmpty() ? DeadLetterReason.MISSING_FIELD : null;
    }

    private static @Nullable DeadLetterReason time(long timeMillis, long brokerMillis) {
        return timeMillis < EARLIEST || timeMillis > brokerMillis + AHEAD ? DeadLetterReason.OUT_OF_RANGE : null;
    }

    private static Optional<DeadLetterReason> first(@Nullable DeadLetterReason... reasons) {
        for (DeadLetterReason reason : reasons) {
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
