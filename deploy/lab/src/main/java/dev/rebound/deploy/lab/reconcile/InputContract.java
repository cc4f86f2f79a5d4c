package dev.rebound.deploy.ops.reconcile;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a decoded record must say to be used. Written from the contract of the topics, not from the job. */
final class InputContract {
    private static final int MOST_ID_CHARACTERS = 256;
    private static final int MOST_ITEMS = 100;
    private static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
    private static final long AHEAD = Duration.ofDays(1).toMillis();

    private InputContract() {}

    /** Why an event can't be used; empty if it can. */
    static Optional<DeadLetterReason> refusal(BehaviourEvent event, long brokerMillis) {
        EventType type = event.getType();
        boolean takesItem = type != EventType.SEARCH && type != EventType.ERASE_USER;
        boolean needsItem = takesItem && event.getCampaignId() == null;
        boolean hasItem = takesItem && event.getItemId() != null;
        boolean discountRight = event.getDiscountMinor() == null || event.getDiscountMinor() >= 0;
        return first(
                type == EventType.UNKNOWN ? DeadLetterReason.UNKNOWN_ENUM : null,
                id(event.getUserId()),
                id(event.getEventId()),
                time(event.getEventTime(), brokerMillis),
                event.getCampaignId() == null ? null : id(event.getCampaignId()),
                discountRight ? null : DeadLetterReason.OUT_OF_RANGE,
                needsItem || hasItem ? id(event.getItemId()) : null,
                type == EventType.SEARCH ? present(event.getQuery()) : null);
    }

    /** Why a request can't be answered; empty if it can. */
    static Optional<DeadLetterReason> refusal(RecommendationRequest request, long brokerMillis) {
        Scenario scenario = request.getScenario();
        boolean countRight = request.getCount() >= 1 && request.getCount() <= MOST_ITEMS;
        return first(
                scenario == Scenario.UNKNOWN ? DeadLetterReason.UNKNOWN_ENUM : null,
                id(request.getUserId()),
                id(request.getRequestId()),
                time(request.getRequestedAt(), brokerMillis),
                scenario == Scenario.SIMILAR_ITEMS ? id(request.getContextItemId()) : null,
                scenario == Scenario.SEARCH ? present(request.getQuery()) : null,
                countRight ? null : DeadLetterReason.OUT_OF_RANGE);
    }

    /** Why an item can't be sold; empty if it can. */
    static Optional<DeadLetterReason> refusal(CatalogItem item, long brokerMillis) {
        boolean priceRight = item.getPriceMinor() == null || item.getPriceMinor() >= 0;
        return first(
                priceRight ? null : DeadLetterReason.OUT_OF_RANGE,
                id(item.getItemId()),
                time(item.getUpdatedAt(), brokerMillis));
    }

    private static @Nullable DeadLetterReason id(@Nullable String id) {
        DeadLetterReason missing = present(id);
        if (missing != null) {
            return missing;
        }
        return id.length() > MOST_ID_CHARACTERS ? DeadLetterReason.OUT_OF_RANGE : null;
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
