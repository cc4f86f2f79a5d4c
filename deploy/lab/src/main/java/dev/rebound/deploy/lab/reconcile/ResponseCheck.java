package dev.rebound.deploy.lab.reconcile;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether each request was answered, and with its recommendation; and whether somebody asked for each answer. */
final class ResponseCheck {
    private final Expectation expected;
    private final ObservedOutput actual;
    private final ListContent content;
    private final TreeSet<String> unanswered = new TreeSet<>();
    private final Tally neverAsked = new Tally("responses are to requests that nobody made");
    private final Tally toAnother = new Tally("responses are for another user than the request's");
    private final Tally unlike = new Tally("responses are unlike their recommendation");

    ResponseCheck(Expectation expected, ObservedOutput actual, ListContent content) {
        this.expected = expected;
        this.actual = actual;
        this.content = content;
    }

    void run(List<String> findings) {
        long goneUntil = actual.goneResponses().untilMillis();
        expected.usersByRequest().forEach((id, user) -> {
            boolean answered = actual.find(user.name)
                    .filter(written -> written.responses.containsKey(id))
                    .isPresent();
            if (!answered && user.byRequest(id).causedMillis > goneUntil) {
                unanswered.add(id);
            }
        });
        actual.users().forEach(user -> user.responses.forEach((id, response) -> check(user, id, response)));
        if (!unanswered.isEmpty()) {
            findings.add(unanswered.size() + " requests were not answered, such as " + unanswered.first());
        }
        neverAsked.into(findings);
        toAnother.into(findings);
        unlike.into(findings);
    }

    private void check(WrittenUser user, String requestId, WrittenList first) {
        ExpectedList request = expected.find(user.name)
                .map(known -> known.byRequest.get(requestId))
                .filter(asked -> asked.times > 0)
                .orElse(null);
        if (request == null) {
            refuse(user, requestId);
            return;
        }
        for (WrittenList response = first; response != null; response = response.next) {
            content.check(response, request, false);
        }
        WrittenList recommendation = user.byRequest.get(requestId);
        String difference = recommendation == null ? null : difference(first, recommendation);
        if (difference != null) {
            unlike.add(() -> first.recommendationId + " for " + request + ": " + difference);
        }
    }

    private void refuse(WrittenUser user, String requestId) {
        KnownUser asker = expected.usersByRequest().get(requestId);
        if (asker != null) {
            toAnother.add(
                    () -> "that to request " + requestId + " of " + asker + ", which names " + Masked.user(user.name));
        } else if (expected.goneRequests().isEmpty()) {
            neverAsked.add(() -> "that to request " + requestId + " of " + Masked.user(user.name));
        }
    }

    /**
     * In what no answer is like the recommendation; null if one is. After a failure a request is answered again, perhaps
     * with other items, but the answer of the attempt that was committed is always among them.
     */
    private static @Nullable String difference(WrittenList responses, WrittenList recommendation) {
        String difference = null;
        for (WrittenList response = responses; response != null; response = response.next) {
            String ofThis = response.difference(recommendation);
            if (ofThis == null) {
                return null;
            }
            difference = difference == null ? ofThis : difference;
        }
        return difference;
    }

    /** Requests that were answered. */
    long answered() {
        Map<String, KnownUser> requests = expected.usersByRequest();
        return requests.entrySet().stream()
                .filter(request -> actual.find(request.getValue().name)
                        .filter(user -> user.responses.containsKey(request.getKey()))
                        .isPresent())
                .count();
    }
}
