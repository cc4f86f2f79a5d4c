package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.example;
import static dev.rebound.deploy.lab.reconcile.Records.feedback;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.EventType;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of a user that come after the user's tombstone. */
class ErasureTest {
    private final RightShop shop = new RightShop();

    /** A view and a request with feedback, then the erasure. */
    @BeforeEach
    void aUserIsErased() {
        shop.expect(event("e1", "u1", EventType.VIEW));
        shop.expect(aRequest("q1").build());
        shop.expect(feedback("f1", "q1", EventType.IMPRESSION));
        shop.expect(event("e2", "u1", EventType.ERASE_USER));
        shop.answer(aRecommendation("r1", "u1", "q1", null, NOW, "i1").build());
        shop.actual.profile(record(0, NOW, "u1", null));
        shop.actual.example(record(0, NOW, "u1", null));
    }

    private void tombstone() {
        shop.actual.recommendation(record(0, NOW, "u1", null));
    }

    @Test
    void whatWasBeforeTheErasureMayStandBeforeTheTombstone() {
        shop.actual.recommendation(at(recommendation("r2", null, NOW, "i1")));
        tombstone();

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void aRecommendationAfterTheTombstoneIsFound() {
        tombstone();
        shop.actual.recommendation(at(recommendation("r2", null, NOW, "i1")));

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("1 recommendations came after the tombstone of their user")
                .contains("r2 for event e1");
    }

    @Test
    void whatTheUserDoesLaterBeginsAnew() {
        shop.actual.recommendation(at(recommendation("r2", null, NOW, "i1")));
        tombstone();
        shop.expect(event("e3", "u1", EventType.VIEW));
        shop.actual.profile(at(encoded(aProfile("u1", Map.of("VIEW", 1L)).build())));
        shop.actual.recommendation(at(recommendation("r3", "u1", null, "e3", NOW, "i1")));

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void aProfileAfterTheTombstoneIsFound() {
        shop.actual.recommendation(at(recommendation("r2", null, NOW, "i1")));
        tombstone();
        shop.actual.profile(at(encoded(aProfile("u1", Map.of("VIEW", 1L)).build())));

        assertThat(shop.findings())
                .contains("1 erased users have a profile, or one again without an event, such as " + Masked.user("u1"));
    }

    @Test
    void aTrainingExampleAfterTheTombstoneIsFound() {
        shop.actual.recommendation(at(recommendation("r2", null, NOW, "i1")));
        tombstone();
        shop.actual.example(at(example("r1", "q1", EventType.IMPRESSION)));

        assertThat(shop.findings())
                .containsExactly("1 training examples came after the tombstone of their user, of what"
                        + " was before it, such as i1 of r1");
    }
}
