package dev.rebound.deploy.gateway.local;

import dev.rebound.deploy.gateway.answer.Answer;
import dev.rebound.deploy.gateway.answer.AnswerSource;
import dev.rebound.deploy.gateway.local.LocalStore.Table;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from what the gateway holds: what the user got last, else what is popular in the user's categories, else what is
 * popular; without what is not sold and what was just bought. Where a request brings candidates, only those are shown. Any thread.
 */
public final class LocalAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAnswers.class);

    private final LocalStore store;
    private final Popularity popularity;
    private final ThreadLocal<RecordCodec<Recommendation>> lists =
            ThreadLocal.withInitial(() -> RecordCodec.of(Recommendation.class));
    private final ThreadLocal<RecordCodec<UserProfile>> profiles =
            ThreadLocal.withInitial(() -> RecordCodec.of(UserProfile.class));

    LocalAnswers(LocalStore store, Popularity popularity) {
        this.store = store;
        this.popularity = popularity;
    }

    /** What is held for a request; without items where nothing is that fits. */
    public Answer answer(RecommendationRequest request) {
        return new Draft(request).answer();
    }

    /** The newest profile of a user; empty where none is known. */
    public Optional<UserProfile> profile(String userId) {
        byte[] held = store.get(Table.PROFILES, userId.getBytes(StandardCharsets.UTF_8));
        try {
            return held == null ? Optional.empty() : Optional.of(profiles.get().decode(held, null));
        } catch (UndecodableRecordException e) {
            unreadable("profile", e);
            return Optional.empty();
        }
    }

    /** As one written by a newer job: an answer without it is better than none. */
    private static void unreadable(String what, UndecodableRecordException e) {
        LOG.warn("A {} that is held can't be read, upgrade the gateway: {}", what, e.getMessage());
    }

    private @Nullable HeldItem item(String itemId) {
        byte[] held = store.get(Table.ITEMS, itemId.getBytes(StandardCharsets.UTF_8));
        return held == null ? null : HeldItem.of(held);
    }

    /** One answer as it is filled. */
    private final class Draft {
        private final RecommendationRequest request;
        private final Map<String, Answer.Item> items = new LinkedHashMap<>();
        private final Set<String> bought;
        private @Nullable AnswerSource source;
        private @Nullable Recommendation list;

        private Draft(RecommendationRequest request) {
            this.request = request;
            this.bought = Purchases.recent(
                    store.get(Table.PURCHASES, request.getUserId().getBytes(StandardCharsets.UTF_8)),
                    request.getRequestedAt());
        }

        private Answer answer() {
            if (request.getScenario() == Scenario.CAMPAIGN) {
                campaigns();
            } else if (request.getCandidates() != null) {
                candidates(request.getCandidates());
            } else {
                retrieved();
            }
            boolean isList = source == AnswerSource.LAST_LIST && list != null;
            return new Answer(
                    request.getRequestId(),
                    source == null ? AnswerSource.POPULAR : source,
                    isList ? list.getRecommendationId() : null,
                    isList ? list.getModelVersion() : null,
                    List.copyOf(items.values()));
        }

        private void retrieved() {
            if (request.getScenario() == Scenario.HOME) {
                list = lastList();
                if (list != null) {
                    for (RecommendedItem each : list.getItems()) {
                        show(each.getItemId(), Answer.Item.of(each), AnswerSource.LAST_LIST);
                    }
                }
            }
            if (items.size() < request.getCount()) {
                popularIn(categories());
            }
            show(popularity.top(Popularity.ALL), AnswerSource.POPULAR);
        }

        /** That of the item of the page, or those in which the user is interested, the most first. */
        private List<String> categories() {
            if (request.getContextItemId() != null) {
                HeldItem ofThePage = item(request.getContextItemId());
                return ofThePage == null || ofThePage.category().isEmpty() ? List.of() : List.of(ofThePage.category());
            }
            return profile(request.getUserId())
                    .map(profile -> profile.getCategoryInterests().entrySet().stream()
                            .sorted(Map.Entry.<String, Float>comparingByValue().reversed())
                            .map(Map.Entry::getKey)
                            .toList())
                    .orElse(List.of());
        }

        private void popularIn(List<String> categories) {
            for (String category : categories) {
                show(popularity.top(category), AnswerSource.POPULAR_IN_CATEGORIES);
            }
        }

        /** The popular ones first, the others as they came: the shop's own order is better than none. */
        private void candidates(List<String> candidates) {
            Set<String> wanted = Set.copyOf(candidates);
            for (String itemId : popularity.top(Popularity.ALL)) {
                if (wanted.contains(itemId)) {
                    show(itemId, Answer.Item.of(itemId), AnswerSource.POPULAR);
                }
            }
            show(candidates, AnswerSource.POPULAR);
        }

        /** What was shown last of those that are asked for; else these as they came. No catalog names campaigns. */
        private void campaigns() {
            list = lastList();
            List<String> wanted = request.getCandidates();
            if (list != null) {
                for (RecommendedItem each : list.getItems()) {
                    if (wanted == null || wanted.contains(each.getItemId())) {
                        put(each.getItemId(), Answer.Item.of(each), AnswerSource.LAST_LIST);
                    }
                }
            }
            if (wanted != null) {
                wanted.forEach(campaign -> put(campaign, Answer.Item.of(campaign), AnswerSource.POPULAR));
            }
        }

        private @Nullable Recommendation lastList() {
            byte[] held = store.get(Table.LISTS, Held.listKey(request.getScenario(), request.getUserId()));
            try {
                return held == null ? null : lists.get().decode(held, null);
            } catch (UndecodableRecordException e) {
                unreadable("list", e);
                return null;
            }
        }

        private void show(List<String> itemIds, AnswerSource from) {
            for (String itemId : itemIds) {
                if (items.size() >= request.getCount()) {
                    return;
                }
                show(itemId, Answer.Item.of(itemId), from);
            }
        }

        private void show(String itemId, Answer.Item item, AnswerSource from) {
            if (items.size() < request.getCount()
                    && !items.containsKey(itemId)
                    && !bought.contains(itemId)
                    && !itemId.equals(request.getContextItemId())
                    && isSold(itemId)) {
                put(itemId, item, from);
            }
        }

        private void put(String itemId, Answer.Item item, AnswerSource from) {
            if (items.size() < request.getCount() && items.putIfAbsent(itemId, item) == null && source == null) {
                source = from;
            }
        }

        private boolean isSold(String itemId) {
            HeldItem held = item(itemId);
            return held != null && held.available();
        }
    }
}
