package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static dev.rebound.deploy.lab.reconcile.Records.anExample;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.EventType;
import dev.rebound.schemas.TrainingExample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Training examples that are missing, or say something else than what was shown and done. */
class ExampleCheckTest {
    private static final long WINDOW = 1_800_000;

    private final RightShop shop = new RightShop();

    /** Of i1 and i2, shown to u1, both are seen and i2 is put into the cart. */
    @BeforeEach
    void aListIsShownAndTaken() {
        shop.expect(aRequest("q1").build());
        shop.answer(aRecommendation("r1", "u1", "q1", null, NOW, "i1", "i2").build());
        does("s1", EventType.IMPRESSION, "i1", NOW);
        does("s2", EventType.IMPRESSION, "i2", NOW);
        does("c2", EventType.CART, "i2", NOW);
        shop.actual.recommendation(Records.at(Records.recommendation("r-c2", "u1", null, "c2", NOW, "i1")));
    }

    private void does(String id, EventType type, String itemId, long millis) {
        shop.expect(encoded(anEvent(id, "u1", type)
                .setItemId(itemId)
                .setRequestId("q1")
                .setEventTime(millis)
                .build()));
    }

    private void profile(Map<String, Long> counts) {
        shop.actual.profile(Records.at(
                encoded(aProfile("u1", counts).setRecentItemIds(List.of("i2")).build())));
    }

    private void learned(TrainingExample.Builder example) {
        shop.actual.example(record(0, NOW + WINDOW, "u1", encoded(example.build())));
    }

    private void seen() {
        learned(anExample("r1", "q1", EventType.IMPRESSION));
    }

    private static TrainingExample.Builder taken() {
        return anExample("r1", "q1", EventType.CART).setItemId("i2").setPosition(1);
    }

    private List<String> findings() {
        profile(Map.of("IMPRESSION", 2L, "CART", 1L));
        return shop.findings();
    }

    @Test
    void whatIsRightIsFoundRight() {
        seen();
        learned(taken());

        assertThat(findings()).isEmpty();
    }

    @Test
    void nothingIsMissingWhileTheListIsOpen() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void anExampleIsMissingWhereItsListHasOthers() {
        seen();

        assertThat(findings())
                .containsExactly("1 training examples are missing, such as i2 of request q1 of " + Masked.user("u1"));
    }

    @Test
    void theExamplesOfAListAreMissingOnceALaterListIsClosed() {
        long later = NOW + 120_000;
        shop.expect(aRequest("q2").setUserId("u2").setRequestedAt(later).build());
        shop.answer(aRecommendation("r2", "u2", "q2", null, NOW + 100, "i1").build());
        shop.expect(encoded(anEvent("s3", "u2", EventType.IMPRESSION)
                .setRequestId("q2")
                .setEventTime(later)
                .build()));
        shop.actual.profile(Records.at(encoded(aProfile("u2", Map.of("IMPRESSION", 1L))
                .setRecentItemIds(List.of())
                .setFirstEventTime(later)
                .setLastEventTime(later)
                .build())));
        learned(anExample("r2", "q2", EventType.IMPRESSION).setUserId("u2"));

        assertThat(findings()).singleElement().asString().startsWith("2 training examples are missing");
    }

    @Test
    void allExamplesAreMissingOnceTheJobsTimeHasPassed() {
        shop.actual.passed(new PassedTime(NOW + WINDOW, NOW + 120_000));

        assertThat(findings()).singleElement().asString().startsWith("2 training examples are missing");
    }

    @Test
    void nothingIsMissingBeforeTheJobsTimeHasPassed() {
        shop.actual.passed(new PassedTime(NOW + WINDOW - 1, NOW + 120_000));

        assertThat(findings()).isEmpty();
    }

    @Test
    void nothingIsMissingOfAListThatCameWhenTheJobWasAsked() {
        shop.actual.passed(new PassedTime(NOW + WINDOW, NOW));

        assertThat(findings()).isEmpty();
    }

    @Test
    void nothingIsMissingOfARequestThatCameWhenItsWindowHadPassed() {
        RightShop showsAll =
                new RightShop(new JobTerms(60_000, 10, WINDOW, false, 30_000, Exclusions.NONE, 0, NOW - 3_600_000));
        showsAll.expect(aRequest("late").setRequestedAt(NOW - WINDOW - 40_000).build());
        showsAll.expect(aRequest("inTime").setRequestedAt(NOW - WINDOW).build());
        showsAll.answer(aRecommendation("r1", "u1", "late", null, NOW, "i1").build());
        showsAll.answer(aRecommendation("r2", "u1", "inTime", null, NOW, "i2").build());
        showsAll.expect(encoded(anEvent("x", "u9", EventType.IMPRESSION).build()));
        showsAll.actual.passed(new PassedTime(NOW, NOW + 120_000));

        assertThat(showsAll.findings())
                .filteredOn(finding -> finding.contains("missing, such"))
                .singleElement()
                .asString()
                .startsWith("1 training examples are missing, such as i2 of request inTime");
    }

    @Test
    void aJobThatWasStartedAnewHasNotPassedWhatTheOneBeforeHad() {
        PassedTime before = new PassedTime(NOW + WINDOW, NOW + 120_000);

        assertThat(before.orLess(PassedTime.UNKNOWN)).isEqualTo(PassedTime.UNKNOWN);
        assertThat(before.orLess(new PassedTime(NOW + 2 * WINDOW, NOW + 240_000)))
                .isEqualTo(before);
    }

    @Test
    void aWrongLabelIsFound() {
        seen();
        learned(taken().setLabel(0f));

        assertThat(findings())
                .singleElement()
                .asString()
                .startsWith("1 training examples have a wrong label or action")
                .endsWith("i2 of request q1 with CART and label 0.0");
    }

    @Test
    void aWeakerActionThanTheStrongestIsFound() {
        seen();
        learned(taken().setAction(EventType.IMPRESSION).setLabel(0f));

        assertThat(findings()).singleElement().asString().contains("i2 of request q1 with IMPRESSION");
    }

    @Test
    void whatIsDoneAfterTheWindowIsNotLearned() {
        buysAfterTheWindow();
        seen();
        learned(taken());

        assertThat(shop.findings()).noneMatch(finding -> finding.contains("training"));
    }

    @Test
    void whatIsLearnedOfAfterTheWindowIsFound() {
        buysAfterTheWindow();
        learned(anExample("r1", "q1", EventType.PURCHASE));
        learned(taken());

        assertThat(shop.findings()).anyMatch(finding -> finding.contains("wrong label or action"));
    }

    private void buysAfterTheWindow() {
        does("p1", EventType.PURCHASE, "i1", NOW + WINDOW + 1);
        shop.actual.recommendation(Records.at(Records.recommendation("r-p1", "u1", null, "p1", NOW, "i3")));
    }

    @Test
    void whatCameWhenTheWatermarkHadPassedMayBeLearnedOrNot() {
        long afterTheWindow = NOW + WINDOW + 31_000;
        shop.expected.event(record(
                200,
                afterTheWindow,
                "u9",
                encoded(anEvent("x", "u9", EventType.IMPRESSION)
                        .setEventTime(afterTheWindow)
                        .build())));
        shop.expected.event(record(
                201,
                afterTheWindow + 1,
                "u1",
                encoded(anEvent("late", "u1", EventType.CART)
                        .setRequestId("q1")
                        .setEventTime(NOW)
                        .build())));
        seen();
        learned(taken());

        assertThat(shop.findings()).noneMatch(finding -> finding.contains("training"));
    }

    @Test
    void anExampleOfAnotherPlaceIsFound() {
        seen();
        learned(taken().setPosition(0));
        assertThat(findings()).singleElement().asString().contains("not of a place of their list");
    }

    /** The broker gave up its recommendation, which was then made anew. */
    @Test
    void anExampleOfAnAnswerWhoseRecommendationWasNeverCommittedIsRight() {
        shop.actual.response(Records.at(
                encoded(aRecommendation("r1", "u1", "q1", null, NOW, "i2", "i1").build())));
        seen();
        learned(taken().setPosition(0));

        assertThat(findings()).noneMatch(finding -> finding.contains("training"));
    }

    @Test
    void anExampleOfAnotherModelVersionIsFound() {
        seen();
        learned(taken().setModelVersion("v2"));

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("not of a place of their list")
                .contains("by v2");
    }
}
