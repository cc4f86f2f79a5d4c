package dev.rebound.operators.training;

import dev.rebound.operators.features.Interaction;
import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.scoring.ScoredList;
import dev.rebound.operators.scoring.ScoringTask;
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
            boolean taken = Interaction.isInterest(action.ordinal());
            boolean seen = taken || action == EventType.IMPRESSION || !impressions;
            if (seen) {
                examples.add(example(list, i, recentItemIds, action, taken ? 1f : 0f));
            }
        }
        return examples;
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
