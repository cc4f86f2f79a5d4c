package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.TERMS;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.example;
import static dev.rebound.deploy.lab.reconcile.Records.feedback;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.item;
import static dev.rebound.deploy.lab.reconcile.Records.profile;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.EventType;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may come again when a job has begun with an earlier state, and what may not. */
class ReplayTest {
    private static final long REPLAY = NOW + 10_000;

    private final Expectation expected = new Expectation(TERMS, UserNames.plain());
    private final ObservedOutput actual = new ObservedOutput();

    @BeforeEach
    void whatGoesInAndComesOutRight() {
        expected.catalog(inCatalog(0, NOW - 600_000, "i1", item("i1", true)));
        expected.event(at(0, event("e1", "u1", EventType.VIEW)));
        expected.request(at(1, request("q1")));
        expected.event(at(2, feedback("e2", "q1", EventType.IMPRESSION)));
        actual.recommendation(at(recommendation("r1", null, NOW, "i1")));
        actual.recommendation(at(recommendation("r2", "q1", NOW, "i1")));
        actual.response(at(recommendation("r2", "q1", NOW, "i1")));
        actual.example(at(example("r2", "q1", EventType.IMPRESSION)));
        actual.profile(at(profile("u1", Map.of("VIEW", 1L, "IMPRESSION", 1L))));
        assertThat(report().findings()).isEmpty();
        actual.beginReplay(REPLAY);
    }

    @Test
    void everythingMayComeAgainOnce() {
        actual.recommendation(at(recommendation("r1", null, REPLAY, "i1")));
        actual.recommendation(at(recommendation("r2", "q1", REPLAY + 1, "i1")));
        actual.example(at(example("r2", "q1", EventType.IMPRESSION)));

        assertThat(report().findings()).isEmpty();
        assertThat(report().duplicated()).isZero();
        assertThat(report().recommendations()).isEqualTo(2);
    }

    @Test
    void nothingMayComeTwiceInTheReplay() {
        actual.recommendation(at(recommendation("r1", null, REPLAY, "i1")));
        actual.recommendation(at(recommendation("r1", null, REPLAY + 1, "i1")));

        assertThat(report().duplicated()).isEqualTo(1);
    }

    @Test
    void whatIsNewInTheReplayMayComeOnceOnly() {
        expected.event(at(3, event("e3", "u2", EventType.VIEW)));
        actual.profile(at(profile("u2", Map.of("VIEW", 1L))));
        actual.recommendation(at(recommendation("r3", "u2", null, "e3", REPLAY, "i1")));
        assertThat(report().findings()).isEmpty();

        actual.recommendation(at(recommendation("r3", "u2", null, "e3", REPLAY + 1, "i1")));
        assertThat(report().duplicated()).isEqualTo(1);
    }

    @Test
    void whatTheJobBeforeWroteTwiceIsFound() {
        actual.recommendation(at(recommendation("r1", null, REPLAY - 1, "i1")));

        assertThat(report().duplicated()).isEqualTo(1);
    }

    @Test
    void nothingMayComeAgainWhenTheReplayHasEnded() {
        actual.endReplay();
        actual.recommendation(at(recommendation("r1", null, REPLAY, "i1")));
        actual.example(at(example("r2", "q1", EventType.IMPRESSION)));

        assertThat(report().duplicated()).isEqualTo(1);
        assertThat(report().findings()).contains("1 training examples came again, such as one of request q1");
    }

    private Reconciliation.Report report() {
        return Reconciliation.compare(expected, actual);
    }
}
