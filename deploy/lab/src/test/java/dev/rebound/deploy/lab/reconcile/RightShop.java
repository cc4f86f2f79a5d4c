package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.item;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.record;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.util.List;
import java.util.Map;

/** Inputs and outputs that are as they must be, into which a test plants what is wrong. */
final class RightShop {
    /** When the job produced its first list: long enough before {@link Records#NOW} to know the catalog then. */
    static final long BEGIN = NOW - 300_000;

    final Expectation expected;
    final ObservedOutput actual = new ObservedOutput();
    private int items;
    private int records = 100;

    RightShop() {
        this(Records.TERMS);
    }

    /** Items i1 to i3, and a user u0 who looked at i1 and was shown it. */
    RightShop(JobTerms terms) {
        expected = new Expectation(terms, UserNames.plain());
        offer(item("i1", true), "i1");
        offer(item("i2", true), "i2");
        offer(item("i3", true), "i3");
        expected.event(record(
                0,
                BEGIN,
                "u0",
                encoded(anEvent("e0", "u0", EventType.VIEW).setEventTime(BEGIN).build())));
        actual.profile(at(encoded(aProfile("u0", Map.of("VIEW", 1L))
                .setFirstEventTime(BEGIN)
                .setLastEventTime(BEGIN)
                .build())));
        actual.recommendation(at(recommendation("r0", "u0", null, "e0", BEGIN, "i1")));
    }

    void offer(byte[] item, String itemId) {
        expected.catalog(inCatalog(items++, NOW - 600_000, itemId, item));
    }

    /** Sent when it happened, and not before {@link Records#NOW}. */
    void expect(byte[] event) {
        expected.event(record(records++, Math.max(NOW, timeOf(event)), "k", event));
    }

    void expect(RecommendationRequest request) {
        expected.request(record(records++, Math.max(NOW, request.getRequestedAt()), "k", encoded(request)));
    }

    private static long timeOf(byte[] event) {
        try {
            return RecordCodec.of(BehaviourEvent.class).decode(event, null).getEventTime();
        } catch (UndecodableRecordException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** As the answer to a request, and as its recommendation. */
    void answer(Recommendation answer) {
        actual.response(at(encoded(answer)));
        actual.recommendation(at(encoded(answer)));
    }

    List<String> findings() {
        return report().findings();
    }

    Reconciliation.Report report() {
        return Reconciliation.compare(expected, actual);
    }
}
