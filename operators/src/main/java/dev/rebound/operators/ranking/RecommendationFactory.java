package dev.rebound.operators.ranking;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes the records that leave the scoring stage. */
public final class RecommendationFactory {
    private static final int PROFILE_INTERESTS = 10;
    private static final int PROFILE_ITEMS = 20;
    private static final DenseFeature[] FEATURES = DenseFeature.values();

    private final ItemTable table;
    private final Reasons reasons;
    private final long siteEpoch;

    /** @param siteEpoch marks every record; rises with each take-over */
    public RecommendationFactory(ItemTable table, long siteEpoch) {
        this.table = table;
        this.reasons = new Reasons(table);
        this.siteEpoch = siteEpoch;
    }

    /**
     * The recommendation of a task.
     *
     * @param slate what is shown of the candidates
     * @param scores of the candidates, from {@code offset} on
     * @param contributions of the features to the score of each of the chosen; empty where nobody asked
     */
    public Recommendation recommendation(
            ScoringTask task,
            Candidates candidates,
            Slate slate,
            float[] scores,
            int offset,
            String modelVersion,
            List<Map<String, Float>> contributions,
            long producedAtMillis) {
        List<RecommendedItem> items = new ArrayList<>(slate.size());
        for (int n = 0; n < slate.size(); n++) {
            int c = slate.candidate(n);
            items.add(new RecommendedItem(
                    table.candidate(candidates.slots[c]).itemId,
                    scores[offset + c],
                    reasons.of(task, candidates, c),
                    contributions.isEmpty() ? Map.of() : contributions.get(n),
                    slate.propensity(n)));
        }
        return recommendation(task, items, modelVersion, producedAtMillis);
    }

    /** The recommendation of a task whose items have been chosen and ordered. */
    public Recommendation recommendation(
            ScoringTask task, List<RecommendedItem> items, String modelVersion, long producedAtMillis) {
        boolean requested = task.kind == ScoringTask.Kind.REQUEST;
        Recommendation recommendation = new Recommendation();
        recommendation.setRecommendationId(recommendationId(task));
        recommendation.setRequestId(requested ? task.triggerId : null);
        recommendation.setTriggerEventId(requested ? null : task.triggerId);
        recommendation.setUserId(task.userId);
        recommendation.setScenario(task.scenario);
        recommendation.setItems(items);
        recommendation.setModelVersion(modelVersion);
        recommendation.setSiteEpoch(siteEpoch);
        recommendation.setFeatureTime(Math.max(0, task.lastEventMillis));
        recommendation.setProducedAt(producedAtMillis);
        return recommendation;
    }

    /** A name-based UUID (RFC 9562, version 3) of the trigger: a replay gives the same id. */
    private static String recommendationId(ScoringTask task) {
        String name = task.kind + "\n" + task.userId + "\n" + task.triggerId;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * What is needed to learn from a recommendation once it is known what the user did with it.
     *
     * @param slate what was recommended, in its order
     * @param batch in which they were scored, in {@code row}
     */
    public ScoredList scoredList(
            Recommendation recommendation, Slate slate, ScoringTask task, FeatureBatch batch, int row) {
        List<RecommendedItem> items = recommendation.getItems();
        ScoredList list = new ScoredList();
        list.userId = task.userId;
        list.requestId = task.triggerId;
        list.recommendationId = recommendation.getRecommendationId();
        list.modelVersion = recommendation.getModelVersion();
        list.scenario = task.scenario.ordinal();
        list.requestedMillis = task.timeMillis;
        list.scoredMillis = recommendation.getProducedAt();
        list.recentItemIds = recentItemIds(task, FeatureBatch.SEQUENCE_LENGTH).toArray(String[]::new);
        list.itemIds = new String[items.size()];
        list.scores = new float[items.size()];
        list.propensities = new float[items.size()];
        list.dense = new float[items.size() * DenseFeature.WIDTH];
        for (int i = 0; i < items.size(); i++) {
            list.itemIds[i] = items.get(i).getItemId();
            list.scores[i] = items.get(i).getScore();
            list.propensities[i] = slate.propensity(i);
            for (DenseFeature feature : FEATURES) {
                list.dense[i * DenseFeature.WIDTH + feature.ordinal()] = batch.dense(row, slate.candidate(i), feature);
            }
        }
        return list;
    }

    /** The profile of a user. */
    public UserProfile profile(ScoringTask task, UserInterests interests, long producedAtMillis) {
        Map<String, Long> counts = new HashMap<>();
        for (int type = 0; type < task.eventCounts.length; type++) {
            if (task.eventCounts[type] > 0) {
                counts.put(Interaction.type(type).name(), (long) task.eventCounts[type]);
            }
        }
        Map<String, Float> categories = new HashMap<>();
        for (int n = 0; n < Math.min(PROFILE_INTERESTS, interests.categoryCount()); n++) {
            int category = interests.category(n);
            categories.put(table.categoryName(category), interests.categoryShare(category));
        }
        Map<String, Float> brands = new HashMap<>();
        for (int n = 0; n < Math.min(PROFILE_INTERESTS, interests.brandCount()); n++) {
            int brand = interests.brand(n);
            brands.put(table.brandName(brand), interests.brandShare(brand));
        }
        float logPrice = interests.meanLogPrice();
        return UserProfile.newBuilder()
                .setUserId(task.userId)
                .setEventCounts(counts)
                .setSessions(task.sessions)
                .setFirstEventTime(task.firstEventMillis)
                .setLastEventTime(task.lastEventMillis)
                .setCategoryInterests(categories)
                .setBrandInterests(brands)
                .setMeanPriceMinor(Float.isNaN(logPrice) ? null : Math.round(Math.exp(logPrice)))
                .setRecentItemIds(recentItemIds(task, PROFILE_ITEMS))
                .setSiteEpoch(siteEpoch)
                .setProducedAt(producedAtMillis)
                .build();
    }

    private List<String> recentItemIds(ScoringTask task, int most) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < Math.min(most, task.recent.size()); n++) {
            ItemTable.Item item = table.byKey(task.recent.itemKey(n));
            if (item != null) {
                ids.add(item.itemId);
            }
        }
        return ids;
    }
}
