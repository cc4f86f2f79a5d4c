package dev.rebound.operators.feedback;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.release.guard.VersionOutcome;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labels the items of a list by what the user did with them: 1 for an item that was taken (viewed, clicked, made a
 * favourite, put into the cart, bought), 0 for one that was seen and not taken. Of an item that nobody is known to have
 * seen nothing is learned. Pure.
 */
final class ExampleLabels {
    private final boolean impressions;

    /** @param impressions whether the shop tells what was seen; else all of a list counts as seen */
    ExampleLabels(boolean impressions) {
        this.impressions = impressions;
    }

    /**
     * The examples of a list.
     *
     * @param feedback null where there was none
     * @param untilMillis feedback of after this event time came too late
     */
    List<TrainingExample> of(ScoredList list, @Nullable Feedback feedback, long untilMillis) {
        List<TrainingExample> examples = new ArrayList<>();
        if (feedback == null && impressions) {
            return examples;
        }
        List<String> recentItemIds = Arrays.asList(list.recentItemIds);
        for (int i = 0; i < list.itemIds.length; i++) {
            EventType action =
                    feedback == null ? EventType.UNKNOWN : feedback.action(ItemKey.of(list.itemIds[i]), untilMillis);
            if (isSeen(action)) {
                examples.add(example(list, i, recentItemIds, action, isTaken(action) ? 1f : 0f));
            }
        }
        return examples;
    }

    /**
     * What became of a list, counted as its examples are labelled.
     *
     * @param feedback null where there was none
     * @param untilMillis feedback of after this event time does not count
     */
    VersionOutcome outcome(ScoredList list, @Nullable Feedback feedback, long untilMillis) {
        VersionOutcome outcome = new VersionOutcome();
        outcome.modelVersion = list.modelVersion;
        outcome.userHash = VersionOutcome.userHash(ItemKey.hash(list.userId));
        outcome.scoredMillis = list.scoredMillis;
        for (String itemId : list.itemIds) {
            EventType action = feedback == null ? EventType.UNKNOWN : feedback.action(ItemKey.of(itemId), untilMillis);
            outcome.impressions += isSeen(action) ? 1 : 0;
            outcome.clicks += isTaken(action) ? 1 : 0;
            outcome.conversions += action == EventType.CART || action == EventType.PURCHASE ? 1 : 0;
        }
        return outcome;
    }

    private boolean isSeen(EventType action) {
        return isTaken(action) || action == EventType.IMPRESSION || !impressions;
    }

    private static boolean isTaken(EventType action) {
        return Interaction.isInterest(action.ordinal());
    }

    private static TrainingExample example(
            ScoredList list, int position, List<String> recentItemIds, EventType action, float label) {
        TrainingExample example = new TrainingExample();
        example.setRecommendationId(list.recommendationId);
        example.setUserId(list.userId);
        example.setItemId(list.itemIds[position]);
        example.setPosition(position);
        example.setModelVersion(list.modelVersion);
        example.setScore(list.scores[position]);
        example.setRecentItemIds(recentItemIds);
        example.setDenseFeatures(dense(list, position));
        example.setLabel(label);
        example.setScoredAt(list.scoredMillis);
        example.setRequestId(list.requestId);
        example.setScenario(ScoringTask.scenario(list.scenario));
        example.setRequestedAt(list.requestedMillis);
        example.setAction(action);
        example.setPropensity(list.propensities[position]);
        return example;
    }

    private static List<Float> dense(ScoredList list, int position) {
        int width = list.dense.length / list.itemIds.length;
        List<Float> dense = new ArrayList<>(width);
        for (int f = 0; f < width; f++) {
            dense.add(list.dense[position * width + f]);
        }
        return dense;
    }
}
