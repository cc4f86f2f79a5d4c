package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Responses that are not the answer to their request. */
class ResponseCheckTest {
    private final RightShop shop = new RightShop();

    @BeforeEach
    void aRequestIsMadeAndItsRecommendationWritten() {
        shop.expect(aRequest("q1").build());
        shop.actual.recommendation(at(encoded(theRecommendation().build())));
    }

    private static Recommendation.Builder theRecommendation() {
        return aRecommendation("r1", "u1", "q1", null, NOW, "i1", "i2");
    }

    private static Recommendation.Builder with(String... items) {
        return aRecommendation("r1", "u1", "q1", null, NOW, items);
    }

    private void responds(Recommendation.Builder response) {
        shop.actual.response(at(encoded(response.build())));
    }

    @Test
    void theRecommendationItselfIsRight() {
        responds(theRecommendation());

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void aResponseToARequestThatNobodyMadeIsFound() {
        responds(theRecommendation());
        responds(theRecommendation().setRequestId("q2"));

        assertThat(shop.findings())
                .containsExactly("1 responses are to requests that nobody made, such as that to request q2 of "
                        + Masked.user("u1"));
    }

    @Test
    void aResponseForAnotherUserIsFound() {
        responds(theRecommendation());
        responds(theRecommendation().setUserId("u2"));

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("1 responses are for another user than the request's")
                .contains(Masked.user("u1"))
                .endsWith("which names " + Masked.user("u2"));
    }

    @Test
    void otherItemsAreFound() {
        responds(with("i1", "i3"));

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("unlike")
                .endsWith("other items");
    }

    @Test
    void anotherOrderIsFound() {
        responds(with("i2", "i1"));

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("unlike")
                .endsWith("another order");
    }

    @Test
    void anotherModelVersionIsFound() {
        responds(theRecommendation().setModelVersion("v2"));

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("unlike")
                .endsWith("another model version");
    }

    @Test
    void anotherIdOrScenarioIsFound() {
        responds(theRecommendation().setScenario(Scenario.SEARCH));
        assertThat(shop.findings()).singleElement().asString().endsWith("another scenario");

        responds(theRecommendation().setRecommendationId("r2").setModelVersion("v2"));
        assertThat(shop.findings()).singleElement().asString().contains("unlike");
    }

    @Test
    void anAttemptThatFailedMayHaveAnsweredOtherwise() {
        responds(with("i3"));
        responds(theRecommendation());

        assertThat(shop.findings()).isEmpty();
    }
}
