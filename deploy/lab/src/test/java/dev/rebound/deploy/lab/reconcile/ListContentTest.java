package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static dev.rebound.deploy.lab.reconcile.Records.anItem;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.item;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lists that hold what they may not. */
class ListContentTest {
    private final RightShop shop = new RightShop();

    @Test
    void aSecondIdForOneEventIsFound() {
        shop.actual.recommendation(at(recommendation("r9", "u0", null, "e0", NOW, "i1")));

        assertThat(shop.findings())
                .containsExactly("1 recommendations are second ones for the same cause, with another id, such as"
                        + " r9 beside r0");
        assertThat(shop.report().duplicated()).isEqualTo(1);
    }

    @Test
    void aSecondIdForOneRequestIsFound() {
        answered(aRequest("q1"), "i1");
        shop.actual.recommendation(at(recommendation("r9", "q1", NOW, "i1")));

        assertThat(shop.findings()).singleElement().asString().contains("r9 beside r-q1");
    }

    @Test
    void oneIdForTwoCausesIsFound() {
        shop.expect(event("e1", "u1", EventType.VIEW));
        shop.actual.profile(at(encoded(aProfile("u1", Map.of("VIEW", 1L)).build())));
        shop.actual.recommendation(at(recommendation("r0", "u1", null, "e1", NOW, "i1")));

        assertThat(shop.findings())
                .containsExactly("1 recommendations came again, such as r0, which is that of another cause too");
    }

    @Test
    void anEmptyListIsFoundWhereThereWasSomethingToShow() {
        answered(aRequest("q1"));

        assertThat(shop.findings()).singleElement().asString().startsWith("2 lists are empty");
    }

    /** It began with the catalog of before it stood still, and had not read on yet. */
    @Test
    void anItemThatWasTakenAwayWhileTheJobStoodStillMayBeShownOnceMore() {
        long stood = NOW + 300_000;
        shop.expected.catalog(inCatalog(
                4,
                NOW + 5_000,
                "i1",
                encoded(anItem("i1")
                        .setAvailable(false)
                        .setUpdatedAt(NOW + 5_000)
                        .build())));
        answered(aRequest("q1"), "i2");
        shop.expect(aRequest("q2").setRequestedAt(NOW + 10_000).build());
        shop.expect(aRequest("q3").setRequestedAt(stood).build());
        shop.answer(aRecommendation("r-q2", "u1", "q2", null, stood, "i2").build());
        shop.answer(
                aRecommendation("r-q3", "u1", "q3", null, stood + 10_000, "i1").build());
        assertThat(shop.findings()).isEmpty();

        shop.expect(aRequest("q4").setRequestedAt(stood + 70_000).build());
        shop.answer(
                aRecommendation("r-q4", "u1", "q4", null, stood + 70_000, "i1").build());

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("not available")
                .contains("q4");
    }

    @Test
    void anEmptyListIsRightBeforeTheJobKnowsItems() {
        shop.expect(aRequest("q1").build());
        shop.answer(aRecommendation("r-q1", "u1", "q1", null, RightShop.BEGIN + 59_000)
                .build());

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void anEmptyListIsRightWhereNoCandidateIsOffered() {
        shop.expected.catalog(inCatalog(3, NOW - 600_000, "i4", item("i4", false)));
        answered(aRequest("q1").setCandidates(List.of("i4", "i5")));
        assertThat(shop.findings()).isEmpty();

        answered(aRequest("q2").setCandidates(List.of("i4", "i3")));
        assertThat(shop.findings()).singleElement().asString().startsWith("2 lists are empty");
    }

    @Test
    void anEmptyListIsRightWhereTheOnlyItemIsThatOfThePage() {
        shop.expected.catalog(inCatalog(3, NOW - 400_000, "i2", item("i2", false)));
        shop.expected.catalog(inCatalog(4, NOW - 400_000, "i3", item("i3", false)));
        answered(aRequest("q1").setScenario(Scenario.SIMILAR_ITEMS).setContextItemId("i1"));

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void moreItemsThanWereAskedForAreFound() {
        answered(aRequest("q1").setCount(2), "i1", "i2");
        assertThat(shop.findings()).isEmpty();

        answered(aRequest("q2").setCount(1), "i1", "i2");
        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("2 lists are longer than was asked for")
                .contains("2 items of 1");
    }

    @Test
    void anItemThatStandsTwiceInAListIsFound() {
        answered(aRequest("q1"), "i1", "i2", "i1");

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("2 lists name an item twice, such as i1 in r-q1");
    }

    @Test
    void anItemThatIsNoCandidateOfTheRequestIsFound() {
        answered(aRequest("q1").setCandidates(List.of("i1", "i2")), "i2", "i3");

        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("not among the candidates")
                .contains("i3 in r-q1");
    }

    @Test
    void theItemOfThePageIsFoundUnlessTheRequestHasItRanked() {
        RecommendationRequest.Builder similar =
                aRequest("q1").setScenario(Scenario.SIMILAR_ITEMS).setContextItemId("i1");
        answered(similar.setCandidates(List.of("i1")), "i1");
        assertThat(shop.findings()).isEmpty();

        answered(similar.setRequestId("q2").setCandidates(null), "i2", "i1");
        assertThat(shop.findings())
                .singleElement()
                .asString()
                .contains("name the item of the page")
                .contains("i1 in r-q2");
    }

    @Test
    void anItemThatTheShopExcludesIsFoundWhileItIsOfTheExcludedCategory() {
        RightShop rules =
                new RightShop(Records.termsExcluding(new Exclusions(Set.of("wine"), Set.of(), Set.of("i3"), 100)));
        rules.offer(
                encoded(anItem("i4").setCategoryPath(List.of("drinks", "wine")).build()), "i4");
        rules.offer(encoded(anItem("i5").setPriceMinor(99L).build()), "i5");
        rules.offer(encoded(anItem("i6").setPriceMinor(100L).build()), "i6");
        rules.expect(aRequest("q1").build());
        rules.answer(aRecommendation("r1", "u1", "q1", null, NOW, "i1", "i6").build());
        assertThat(rules.findings()).isEmpty();

        for (String excluded : List.of("i3", "i4", "i5")) {
            rules.expect(aRequest("q-" + excluded).build());
            rules.answer(aRecommendation("r-" + excluded, "u1", "q-" + excluded, null, NOW, "i1", excluded)
                    .build());
        }
        assertThat(rules.findings()).singleElement().asString().startsWith("6 recommended items were unknown");
    }

    @Test
    void whatWasBoughtWithinTheHourIsFound() {
        long hour = 3_600_000;
        shop.expect(
                encoded(anEvent("b1", "u2", EventType.PURCHASE).setItemId("i2").build()));
        shop.actual.recommendation(at(recommendation("r1", "u2", null, "b1", NOW, "i1")));
        shop.expect(encoded(
                anEvent("v1", "u2", EventType.VIEW).setEventTime(NOW + hour - 1).build()));
        shop.actual.recommendation(at(recommendation("r2", "u2", null, "v1", NOW, "i3", "i2")));
        shop.expect(encoded(anEvent("v2", "u2", EventType.VIEW)
                .setEventTime(NOW + hour + 60_000)
                .build()));
        shop.actual.recommendation(at(recommendation("r3", "u2", null, "v2", NOW, "i2")));

        assertThat(shop.findings())
                .contains("1 recommended items had been bought within the hour, such as i2 in r2 for event v1 of "
                        + Masked.user("u2"));
    }

    @Test
    void anItemMayBeShownThatLeftTheCatalogWhileTheJobWasBehind() {
        shop.expected.catalog(inCatalog(3, NOW + 10_000, "i2", null));
        shop.expected.event(record(1, NOW, "u1", event("e1", "u1", EventType.VIEW)));
        shop.actual.profile(at(encoded(aProfile("u1", Map.of("VIEW", 1L)).build())));
        shop.actual.recommendation(at(recommendation("r1", "u1", null, "e1", NOW + 600_000, "i2")));

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void anOlderChangeOfAnItemReplacesNoNewerOne() {
        shop.expected.catalog(inCatalog(
                3,
                NOW - 500_000,
                "i2",
                encoded(anItem("i2")
                        .setAvailable(false)
                        .setUpdatedAt(NOW - 600_001)
                        .build())));
        answered(aRequest("q1"), "i2");

        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void whatWasShownBeforeTheCatalogWasCompactedIsNotJudged() {
        shop.expected.catalog(inCatalog(7, NOW + 1, "i2", item("i2", false)));
        answered(aRequest("q1"), "i1", "i9");

        assertThat(shop.findings()).isEmpty();
        assertThat(shop.report().unchecked())
                .singleElement()
                .asString()
                .startsWith("catalog-0 has been compacted up to");
    }

    @Test
    void listsOfAJobBeforeAreNotMeasuredByTheOptionsOfThis() {
        long started = NOW - 100_000;
        Exclusions exclusions = new Exclusions(Set.of(), Set.of(), Set.of("i3"), 0);
        RightShop rules = new RightShop(new JobTerms(60_000, 1, 1_800_000, true, 30_000, exclusions, 0, started));
        rules.expected.event(record(
                1,
                started - 1,
                "u1",
                encoded(anEvent("e1", "u1", EventType.VIEW)
                        .setEventTime(started - 1)
                        .build())));
        rules.actual.profile(at(encoded(aProfile("u1", Map.of("VIEW", 1L))
                .setFirstEventTime(started - 1)
                .setLastEventTime(started - 1)
                .build())));
        rules.actual.recommendation(at(recommendation("r1", "u1", null, "e1", started - 1, "i1", "i3")));

        assertThat(rules.findings()).isEmpty();
    }

    private void answered(RecommendationRequest.Builder request, String... items) {
        RecommendationRequest made = request.build();
        shop.expect(made);
        String id = made.getRequestId();
        shop.answer(aRecommendation("r-" + id, "u1", id, null, NOW, items).build());
    }
}
