package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.util.Optional;

/**
 * Makes recommendation requests along a feed that has none: one per {@value #EVENTS_PER_REQUEST} events, by the user of
 * that event at its time, in turn for a home page and for items like the one just seen, or for what the event searches
 * for; each tenth by a user that nobody knows.
 */
public final class RequestsAlong {
    public static final int EVENTS_PER_REQUEST = 50;

    private static final int UNKNOWN_USER_EVERY = 10;
    private static final int COUNT = 10;

    private long events;
    private long requests;

    /** Notes a valid event, and gives the request that comes after it, if it is its turn. */
    public Optional<RecommendationRequest> after(BehaviourEvent event) {
        if (++events % EVENTS_PER_REQUEST != 0) {
            return Optional.empty();
        }
        long number = ++requests;
        boolean search = event.getType() == EventType.SEARCH;
        boolean similar = number % 2 == 0 && event.getItemId() != null;
        String user = number % UNKNOWN_USER_EVERY == 0 ? "visitor-" + number : event.getUserId();
        return Optional.of(RecommendationRequest.newBuilder()
                .setRequestId("q-" + number)
                .setUserId(user)
                .setScenario(search ? Scenario.SEARCH : similar ? Scenario.SIMILAR_ITEMS : Scenario.HOME)
                .setQuery(search ? event.getQuery() : null)
                .setContextItemId(similar ? event.getItemId() : null)
                .setCount(COUNT)
                .setRequestedAt(event.getEventTime())
                .build());
    }
}
