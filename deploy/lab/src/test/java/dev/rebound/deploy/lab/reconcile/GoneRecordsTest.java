package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.deadLetter;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.example;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.item;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics whose retention is shorter than what the job remembers: what can't be checked is told, and is not wrong. */
class GoneRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("in", 0);

    private final Expectation expected = new Expectation(Records.TERMS, UserNames.plain());
    private final ObservedOutput actual = new ObservedOutput();

    @BeforeEach
    void anItem() {
        expected.catalog(inCatalog(0, NOW - 600_000, "i1", item("i1", true)));
    }

    private void eventsAreGoneBefore(long offset) {
        expected.goneEvents().before(PARTITION, offset);
        expected.event(at(offset, event("e9", "u1", EventType.VIEW)));
    }

    private Reconciliation.Report report() {
        return Reconciliation.compare(expected, actual);
    }

    private void profile(long views) {
        actual.profile(
                at(encoded(aProfile("u1", Map.of("VIEW", views)).setSessions(7).build())));
    }

    @Test
    void whatIsGoneIsToldAndNotCountedTwice() {
        eventsAreGoneBefore(100);
        profile(5);
        actual.recommendation(at(recommendation("r1", "u1", null, "e1", NOW, "i1")));
        actual.recommendation(at(recommendation("r2", "u2", null, "e2", NOW, "i1")));
        actual.deadLetter(at(deadLetter(99, DeadLetterReason.UNDECODABLE)));
        actual.example(at(example("r0", "q0", EventType.CART)));

        assertThat(report().findings()).isEmpty();
        assertThat(report().lost()).isZero();
        assertThat(report().duplicated()).isZero();
        assertThat(report().unchecked())
                .containsExactly("input of in-0 is gone from offset 0 to 99, the first that is left is of "
                        + Instant.ofEpochMilli(NOW) + ": what was before can't be checked");
    }

    @Test
    void whatIsLeftAndNotCountedIsLostAllTheSame() {
        eventsAreGoneBefore(100);
        profile(0);

        assertThat(report().lost()).isEqualTo(1);
    }

    @Test
    void withoutAnythingGoneTheSameIsFound() {
        expected.event(at(0, event("e9", "u1", EventType.VIEW)));
        profile(5);
        actual.recommendation(at(recommendation("r2", "u2", null, "e2", NOW, "i1")));

        assertThat(report().duplicated()).isEqualTo(4);
        assertThat(report().lost()).isEqualTo(1);
        assertThat(report().unchecked()).isEmpty();
    }

    @Test
    void anAnswerToARequestThatIsGoneIsNotJudged() {
        expected.goneRequests().before(PARTITION, 10);
        actual.response(
                at(encoded(aRecommendation("r1", "u1", "q1", null, NOW, "i1").build())));
        actual.recommendation(at(recommendation("r1", "q1", NOW, "i1")));

        assertThat(report().findings()).isEmpty();
        assertThat(report().unchecked()).singleElement().asString().contains("from offset 0 to 9, all that there was");
    }

    @Test
    void anAnswerThatIsGoneIsNotMissing() {
        expected.request(at(0, encoded(aRequest("q1").build())));
        actual.goneRecommendations().before(PARTITION, 3);
        actual.goneResponses().before(PARTITION, 3);

        assertThat(report().findings()).isEmpty();
        assertThat(report().lost()).isZero();
        assertThat(report().unchecked()).hasSize(2).allMatch(each -> each.startsWith("output of in-0 is gone"));
    }

    @Test
    void deadLettersOfTopicsThatAreNotComparedAreNotJudged() {
        expected.event(at(0, event("e9", "u1", EventType.IMPRESSION)));
        actual.profile(at(encoded(aProfile("u1", Map.of("IMPRESSION", 1L)).build())));
        actual.deadLetter(at(deadLetter("rebound.campaigns", 0, DeadLetterReason.OUT_OF_RANGE)));
        actual.deadLetter(at(deadLetter("rebound.model-releases", 0, DeadLetterReason.MISSING_FIELD)));
        assertThat(report().findings()).isEmpty();
        assertThat(report().deadLetters()).isEqualTo(2);

        actual.deadLetter(at(deadLetter(0, DeadLetterReason.OUT_OF_RANGE)));
        assertThat(report().findings()).singleElement().asString().contains("in-0@0 has a dead letter though");
    }
}
