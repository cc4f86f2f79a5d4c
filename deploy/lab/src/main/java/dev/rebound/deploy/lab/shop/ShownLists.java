package dev.rebound.deploy.lab.shop;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one in {@value #LISTS_PER_REQUEST} lists that customers see the answer to a request: the request asks to rank the
 * list's items, and what the customer does with them names the request.
 */
final class ShownLists {
    static final int LISTS_PER_REQUEST = 20;

    private static final int REQUESTS_PER_EXPLANATION = 100;

    private long lists;
    private long requests;

    /** Marks the feedback of a visit, its events in the order of their times, and gives the requests before it. */
    List<RecommendationRequest> requests(List<BehaviourEvent> visit) {
        List<RecommendationRequest> made = new ArrayList<>();
        for (int i = 0; i < visit.size(); i++) {
            if (begins(visit.get(i)) && ++lists % LISTS_PER_REQUEST == 0) {
                made.add(request(visit, i));
            }
        }
        return made;
    }

    private static boolean begins(BehaviourEvent event) {
        return event.getType() == EventType.IMPRESSION && Integer.valueOf(0).equals(event.getPosition());
    }

    private RecommendationRequest request(List<BehaviourEvent> visit, int from) {
        String requestId = "l-" + ++requests;
        BehaviourEvent first = visit.get(from);
        int end = from + 1;
        while (isShown(visit, end)) {
            end++;
        }
        List<String> shown = visit.subList(from, end).stream()
                .map(BehaviourEvent::getItemId)
                .distinct()
                .toList();
        end = endOfFeedback(visit, end);
        visit.subList(from, end).forEach(event -> event.setRequestId(requestId));
        return RecommendationRequest.newBuilder()
                .setRequestId(requestId)
                .setUserId(first.getUserId())
                .setScenario(Scenario.HOME)
                .setCandidates(shown)
                .setCount(shown.size())
                .setRequestedAt(first.getEventTime() - 1)
                .setExplain(requests % REQUESTS_PER_EXPLANATION == 0)
                .build();
    }

    private static boolean isShown(List<BehaviourEvent> visit, int at) {
        return at < visit.size() && visit.get(at).getType() == EventType.IMPRESSION && !begins(visit.get(at));
    }

    /** All that is done with the item that was clicked, until something else is looked at. */
    private static int endOfFeedback(List<BehaviourEvent> visit, int click) {
        int end = click;
        while (end < visit.size()
                && visit.get(end).getType() != EventType.IMPRESSION
                && visit.get(click).getItemId().equals(visit.get(end).getItemId())) {
            end++;
        }
        return end;
    }
}
