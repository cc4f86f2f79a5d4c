package dev.rebound.deploy.gateway.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page gets, as in the JSON.
 *
 * @param requestId to be sent along with what the user does with the items
 * @param recommendationId of the list, live or as it was then; null where no job has made it
 * @param modelVersion that scored it, or the name of the job's fallback; null where no job has made it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Answer(
        String requestId,
        AnswerSource source,
        @Nullable String recommendationId,
        @Nullable String modelVersion,
        List<Item> items) {

    public Answer {
        items = List.copyOf(items);
    }

    /**
     * One place of the list.
     *
     * @param score in [0, 1] by the model; null where none has scored it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Item(String itemId, @Nullable Float score, List<String> reasons, Map<String, Float> contributions) {
        /** Of what nobody scored. */
        public static Item of(String itemId) {
            return new Item(itemId, null, List.of(), Map.of());
        }

        public static Item of(RecommendedItem item) {
            return new Item(item.getItemId(), item.getScore(), item.getReasons(), item.getContributions());
        }
    }

    /** What the job has made for the request. */
    public static Answer live(Recommendation made, String requestId) {
        return new Answer(
                requestId,
                AnswerSource.LIVE,
                made.getRecommendationId(),
                made.getModelVersion(),
                made.getItems().stream().map(Item::of).toList());
    }
}
