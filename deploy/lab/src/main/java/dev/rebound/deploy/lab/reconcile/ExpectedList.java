package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list that must be there: what caused it, and what it may hold. 64 bytes, and 24 for each feedback on it. */
final class ExpectedList {
    private static final String[] NOTHING = {};

    final KnownUser user;
    final boolean ofRequest;
    /** Of the event or request. */
    final String id;

    /** How often it must have come: more than once where its user was erased and it then came again. 0: never asked for. */
    int times;
    /** How often the user had been erased before. */
    int erasuresBefore;
    /** When the broker got the cause. */
    long causedMillis;

    Scenario scenario = Scenario.HOME;
    int mostItems;
    long requestedMillis;

    @Nullable
    String contextItemId;
    /** What alone may be in it; null where anything may. */
    @Nullable
    List<String> candidates;
    /** What was bought just before. */
    private String[] bought = NOTHING;

    private @Nullable List<Feedback> feedback;

    /** What its user did with an item of it. */
    record Feedback(String itemId, EventType type, long millis, long brokerMillis) {}

    ExpectedList(KnownUser user, boolean ofRequest, String id) {
        this.user = user;
        this.ofRequest = ofRequest;
        this.id = id;
    }

    void caused(long brokerMillis, int mostItemsOfIt, List<String> boughtBefore) {
        times++;
        erasuresBefore = user.erasures;
        causedMillis = brokerMillis;
        mostItems = mostItemsOfIt;
        bought = boughtBefore.isEmpty() ? NOTHING : boughtBefore.toArray(NOTHING);
    }

    /** A request that comes again is answered once. */
    void requested(RecommendationRequest request, long brokerMillis) {
        if (times > 0) {
            return;
        }
        times = 1;
        causedMillis = brokerMillis;
        scenario = request.getScenario();
        mostItems = request.getCount();
        requestedMillis = request.getRequestedAt();
        contextItemId = request.getContextItemId();
        candidates = request.getCandidates() == null ? null : List.copyOf(request.getCandidates());
    }

    boolean bought(String itemId) {
        return Arrays.asList(bought).contains(itemId);
    }

    void add(Feedback given) {
        if (feedback == null) {
            feedback = new ArrayList<>(2);
        }
        feedback.add(given);
    }

    List<Feedback> feedback() {
        return feedback == null ? List.of() : feedback;
    }

    @Override
    public String toString() {
        return (ofRequest ? "request " : "event ") + id + " of " + Masked.user(user.name);
    }
}
