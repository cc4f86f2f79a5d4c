package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.TERMS;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.deadLetter;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.example;
import static dev.rebound.deploy.lab.reconcile.Records.feedback;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.item;
import static dev.rebound.deploy.lab.reconcile.Records.profile;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.record;
import static dev.rebound.deploy.lab.reconcile.Records.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationTest {
    private final Expectation expected = new Expectation(TERMS, UserNames.plain());
    private final ObservedOutput actual = new ObservedOutput();

    /** Two views and a purchase of u1, one request, a corrupt record, an item: all of it as it must be. */
    @BeforeEach
    void whatGoesInAndComesOutRight() {
        expected.catalog(inCatalog(0, NOW - 600_000, "i1", item("i1", true)));
        expected.event(at(0, event("e1", "u1", EventType.VIEW)));
        expected.event(at(1, event("e2", "u1", EventType.VIEW)));
        expected.event(at(2, event("e2", "u1", EventType.VIEW)));
        expected.event(at(3, event("e3", "u1", EventType.PURCHASE)));
        expected.event(at(4, new byte[] {1, 2, 3}));
        expected.request(at(5, request("q1")));
        actual.recommendation(at(recommendation("r1", null, NOW, "i1")));
        actual.recommendation(at(recommendation("r2", "q1", NOW, "i1")));
        actual.response(at(recommendation("r2", "q1", NOW, "i1")));
        actual.deadLetter(at(deadLetter(4, DeadLetterReason.UNDECODABLE)));
        actual.profile(at(profile("u1", Map.of("VIEW", 1L))));
        actual.profile(at(profile("u1", Map.of("VIEW", 2L, "PURCHASE", 1L))));
    }

    @Test
    void whatIsRightIsFoundRight() {
        Reconciliation.Report report = report();

        assertThat(report.findings()).isEmpty();
        assertThat(report.eventsSent()).isEqualTo(5);
        assertThat(report.uniqueEvents()).isEqualTo(3);
        assertThat(report.eventsApplied()).isEqualTo(3);
        assertThat(report.deadLetters()).isEqualTo(1);
        assertThat(report.recommendations()).isEqualTo(2);
        assertThat(report.requests()).isEqualTo(1);
        assertThat(report.responses()).isEqualTo(1);
        assertThat(report.modelVersion()).isEqualTo("v1");
    }

    @Test
    void aMissingEventIsLost() {
        actual.profile(at(profile("u1", Map.of("VIEW", 1L, "PURCHASE", 1L))));

        assertThat(report().lost()).isEqualTo(1);
        assertThat(report().duplicated()).isZero();
        assertThat(report().findings()).anyMatch(finding -> finding.contains("1 events were lost"));
    }

    @Test
    void aUserWithoutAProfileLosesAllEvents() {
        expected.event(at(6, event("e4", "u2", EventType.IMPRESSION)));

        assertThat(report().lost()).isEqualTo(1);
    }

    @Test
    void anEventThatIsCountedTwiceIsDuplicated() {
        actual.profile(at(profile("u1", Map.of("VIEW", 3L, "PURCHASE", 1L))));

        assertThat(report().duplicated()).isEqualTo(1);
        assertThat(report().lost()).isZero();
    }

    @Test
    void anEventOfOneTypeDoesNotMakeUpForOneOfAnother() {
        actual.profile(at(profile("u1", Map.of("VIEW", 3L))));

        assertThat(report().lost()).isEqualTo(1);
        assertThat(report().duplicated()).isEqualTo(1);
    }

    @Test
    void theSameEventIdOfAnotherUserIsNoDuplicate() {
        expected.event(at(6, event("e1", "u2", EventType.VIEW)));
        actual.profile(at(profile("u2", Map.of("VIEW", 1L))));
        actual.recommendation(at(recommendation("r6", "u2", null, "e1", NOW, "i1")));

        assertThat(report().findings()).isEmpty();
    }

    @Test
    void aRecommendationThatComesAgainIsDuplicated() {
        actual.recommendation(at(recommendation("r1", null, NOW, "i1")));

        assertThat(report().duplicated()).isEqualTo(1);
        assertThat(report().findings()).anyMatch(finding -> finding.contains("r1"));
    }

    @Test
    void aRecommendationThatAnEventMustHaveCausedIsLost() {
        expected.event(at(6, event("e4", "u2", EventType.VIEW)));
        actual.profile(at(profile("u2", Map.of("VIEW", 1L))));

        assertThat(report().lost()).isEqualTo(1);
        assertThat(report().findings())
                .containsExactly("1 recommendations are missing, such as that for event e4 of user #e5d");
    }

    @Test
    void theRecommendationOfARequestIsLostThoughItsResponseIsThere() {
        expected.request(at(7, request("q2")));
        actual.response(at(recommendation("r7", "q2", NOW, "i1")));

        assertThat(report().lost()).isEqualTo(1);
        assertThat(report().findings()).anyMatch(finding -> finding.contains("request q2 of user #e5c"));
    }

    @Test
    void aRecommendationThatNothingCausedIsFound() {
        actual.recommendation(at(recommendation("r8", "u1", null, "e2", NOW, "i1")));

        assertThat(report().findings())
                .containsExactly("1 recommendations have no cause, such as that for event e2 of user #e5c");
    }

    @Test
    void aResponseThatComesAgainIsNone() {
        actual.response(at(recommendation("r2", "q1", NOW, "i1")));

        assertThat(report().findings()).isEmpty();
    }

    @Test
    void aRequestWithoutAResponseIsFound() {
        expected.request(at(7, request("q2")));

        assertThat(report().responses()).isEqualTo(1);
        assertThat(report().findings()).anyMatch(finding -> finding.contains("q2"));
    }

    @Test
    void anItemThatWasNeverPublishedIsFound() {
        actual.recommendation(at(recommendation("r3", null, NOW, "i1", "i9")));

        assertThat(report().findings()).anyMatch(finding -> finding.contains("i9 in r3"));
    }

    @Test
    void anItemIsFoundThatWasNotAvailableForMoreThanAMinute() {
        expected.catalog(inCatalog(1, NOW, "i1", item("i1", false)));
        shown("r3", NOW + 59_000, "i1");
        assertThat(report().findings()).isEmpty();

        shown("r4", NOW + 61_000, "i1");
        assertThat(report().findings()).anyMatch(finding -> finding.contains("i1 in r4"));
    }

    @Test
    void aRemovedItemIsFoundUnlessItCameBack() {
        expected.catalog(inCatalog(1, NOW, "i1", null));
        shown("r3", NOW + 90_000, "i1");
        assertThat(report().findings()).anyMatch(finding -> finding.contains("i1 in r3"));

        expected.catalog(inCatalog(2, NOW + 80_000, "i1", item("i1", true)));
        assertThat(report().findings()).isEmpty();
    }

    @Test
    void aMissingDeadLetterIsFound() {
        expected.event(at(8, null));

        assertThat(report().findings()).anyMatch(finding -> finding.contains("in-0@8 (NULL_VALUE) has 0 dead letters"));
    }

    @Test
    void aSecondDeadLetterIsFound() {
        actual.deadLetter(at(deadLetter(4, DeadLetterReason.UNDECODABLE)));

        assertThat(report().findings()).anyMatch(finding -> finding.contains("has 2 dead letters"));
    }

    @Test
    void aDeadLetterOfAValidRecordIsFound() {
        actual.deadLetter(at(deadLetter(0, DeadLetterReason.OUT_OF_RANGE)));

        assertThat(report().findings()).anyMatch(finding -> finding.contains("in-0@0 has a dead letter though"));
    }

    @Test
    void aDeadLetterWithAnotherReasonIsFound() {
        expected.event(at(9, Records.event("e9", "", EventType.VIEW)));
        actual.deadLetter(at(deadLetter(9, DeadLetterReason.OUT_OF_RANGE)));

        assertThat(report().findings()).anyMatch(finding -> finding.contains("must say MISSING_FIELD"));
    }

    @Test
    void anErasedUserMustHaveNoProfileAndIsNotLost() {
        expected.event(at(10, event("e10", "u1", EventType.ERASE_USER)));
        assertThat(report().findings()).isNotEmpty();

        actual.profile(record(0, NOW, "u1", null));
        actual.recommendation(record(0, NOW, "u1", null));
        assertThat(report().findings()).containsExactly("1 erased users have no tombstone in training-examples");

        actual.example(record(0, NOW, "u1", null));
        assertThat(report().findings()).isEmpty();
        assertThat(report().eventsApplied()).isEqualTo(report().uniqueEvents());
    }

    @Test
    void whatComesAgainAfterAnErasureMayCauseTheSameRecommendationAgain() {
        erased("u1");
        expected.event(at(11, event("e1", "u1", EventType.VIEW)));
        actual.profile(at(profile("u1", Map.of("VIEW", 1L))));
        assertThat(report().findings()).isEmpty();

        actual.recommendation(at(recommendation("r1", null, NOW, "i1")));
        assertThat(report().findings()).isEmpty();

        actual.recommendation(at(recommendation("r1", null, NOW, "i1")));
        assertThat(report().duplicated()).isEqualTo(1);
    }

    private void erased(String user) {
        expected.event(at(10, event("e10", user, EventType.ERASE_USER)));
        actual.profile(record(0, NOW, user, null));
        actual.recommendation(record(0, NOW, user, null));
        actual.example(record(0, NOW, user, null));
    }

    @Test
    void aTrainingExampleThatComesAgainIsFound() {
        expected.event(at(6, feedback("e5", "q1", EventType.IMPRESSION)));
        actual.profile(at(profile("u1", Map.of("VIEW", 2L, "PURCHASE", 1L, "IMPRESSION", 1L))));
        actual.example(at(example("r2", "q1", EventType.IMPRESSION)));
        assertThat(report().findings()).isEmpty();
        assertThat(report().trainingExamples()).isEqualTo(1);

        actual.example(at(example("r2", "q1", EventType.IMPRESSION)));
        assertThat(report().findings()).containsExactly("1 training examples came again, such as one of request q1");
    }

    @Test
    void aTrainingExampleThatSaysWhatNobodyDidIsFound() {
        actual.example(at(example("r2", "q1", EventType.CART)));

        assertThat(report().findings())
                .anyMatch(finding -> finding.contains("1 training examples say what nobody did"));
    }

    @Test
    void aJobThatUsesPseudonymsIsReconciledByTheSameKey(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "a key of more than sixteen bytes");
        String name = "byllJerFEt78Qz1bFpGi4Q";
        Expectation inputs = new Expectation(TERMS, UserNames.keyedBy(key));
        ObservedOutput outputs = new ObservedOutput();
        inputs.catalog(inCatalog(0, NOW - 600_000, "i1", item("i1", true)));
        inputs.event(at(0, event("e1", "u1", EventType.VIEW)));
        outputs.profile(at(profile(name, Map.of("VIEW", 1L))));
        outputs.recommendation(at(recommendation("r1", name, null, "e1", NOW, "i1")));

        assertThat(Reconciliation.compare(inputs, outputs).findings()).isEmpty();
    }

    /** To a user of its own, as soon as the event came that caused it. */
    private void shown(String id, long whenMillis, String... items) {
        String user = "u-" + id;
        expected.event(record(20, whenMillis, user, event("e-" + id, user, EventType.VIEW)));
        actual.profile(at(profile(user, Map.of("VIEW", 1L))));
        actual.recommendation(at(recommendation(id, user, null, "e-" + id, whenMillis, items)));
    }

    private Reconciliation.Report report() {
        return Reconciliation.compare(expected, actual);
    }
}
