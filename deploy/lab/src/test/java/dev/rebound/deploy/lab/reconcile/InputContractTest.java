package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputContractTest {
    private static final long DAY = 86_400_000L;

    @Test
    void everyTypeNeedsAnItemButSearchAndErasure() {
        for (EventType type : EventType.values()) {
            BehaviourEvent event =
                    anEvent("e", "u", type).setItemId(null).setQuery("shoes").build();
            boolean right = type == EventType.SEARCH || type == EventType.ERASE_USER;
            assertThat(InputContract.refusal(event, NOW).isEmpty())
                    .as(type.name())
                    .isEqualTo(right);
        }
    }

    @Test
    void timesAreFrom2000ToADayAheadOfTheBroker() {
        assertThat(InputContract.refusal(event().setEventTime(NOW + DAY).build(), NOW))
                .isEmpty();
        assertThat(InputContract.refusal(event().setEventTime(NOW + DAY + 1).build(), NOW))
                .contains(DeadLetterReason.OUT_OF_RANGE);
        assertThat(InputContract.refusal(event().setEventTime(946_684_799_999L).build(), NOW))
                .contains(DeadLetterReason.OUT_OF_RANGE);
    }

    @Test
    void idsHaveAtMost256Characters() {
        assertThat(InputContract.refusal(event().setUserId("u".repeat(256)).build(), NOW))
                .isEmpty();
        assertThat(InputContract.refusal(event().setUserId("u".repeat(257)).build(), NOW))
                .contains(DeadLetterReason.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({
        "HOME,,,10,",
        "HOME,,,0,OUT_OF_RANGE",
        "HOME,,,101,OUT_OF_RANGE",
        "SIMILAR_ITEMS,,,10,MISSING_FIELD",
        "SIMILAR_ITEMS,i1,,10,",
        "SEARCH,,,10,MISSING_FIELD",
        "SEARCH,,shoes,10,",
        "UNKNOWN,,,10,UNKNOWN_ENUM",
    })
    void aRequestNeedsWhatItsScenarioIsAbout(
            Scenario scenario, String contextItem, String query, int count, DeadLetterReason reason) {
        RecommendationRequest request = RecommendationRequest.newBuilder()
                .setRequestId("q")
                .setUserId("u")
                .setScenario(scenario)
                .setContextItemId(contextItem)
                .setQuery(query)
                .setCount(count)
                .setRequestedAt(NOW)
                .build();

        assertThat(InputContract.refusal(request, NOW).orElse(null)).isEqualTo(reason);
    }

    @Test
    void anEmbeddingHasAtMost1024NumbersAndEachIsOne() {
        assertThat(refusalOf(Collections.nCopies(1024, 1f))).isEmpty();
        assertThat(refusalOf(Collections.nCopies(1025, 1f))).contains(DeadLetterReason.OUT_OF_RANGE);
        assertThat(refusalOf(List.of(1f, Float.NaN))).contains(DeadLetterReason.OUT_OF_RANGE);
    }

    private static Optional<DeadLetterReason> refusalOf(List<Float> embedding) {
        return InputContract.refusal(
                Records.anItem("i1").setContentEmbedding(embedding).build(), NOW);
    }

    private static BehaviourEvent.Builder event() {
        return anEvent("e", "u", EventType.VIEW);
    }
}
