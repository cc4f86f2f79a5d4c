package dev.rebound.deploy.gateway.http;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes records of the bodies of requests, and says which field is wrong. Any thread. */
final class Bodies {
    /** Of events at once. */
    private static final int MOST_EVENTS = 500;

    private static final int DEFAULT_COUNT = 10;

    private final Json json;
    private final ThreadLocal<Contract> contracts = ThreadLocal.withInitial(Contract::new);
    private final Duration longestDeadline;
    private final Duration deadline;

    Bodies(Json json, Duration deadline, Duration longestDeadline) {
        this.json = json;
        this.deadline = deadline;
        this.longestDeadline = longestDeadline;
    }

    /** What a page asks for, as in the JSON. */
    record Ask(
            @Nullable String userId,
            @Nullable Scenario scenario,
            @Nullable String query,
            @Nullable String contextItemId,
            @Nullable List<@Nullable String> candidates,
            @Nullable Integer count,
            @Nullable Boolean explain,
            @Nullable Integer deadlineMillis) {}

    /** An event, as in the JSON. */
    record Event(
            @Nullable String eventId,
            @Nullable String userId,
            @Nullable String sessionId,
            @Nullable EventType type,
            @Nullable String itemId,
            @Nullable String query,
            @Nullable String requestId,
            @Nullable Integer position,
            @Nullable Long eventTime,
            @Nullable Map<String, @Nullable String> attributes,
            @Nullable String campaignId,
            @Nullable Long discountMinor) {}

    /** Several events, or one without the list around it. */
    record Events(
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<@Nullable Event> events) {}

    /** A valid request and how long it may take. */
    record Asked(RecommendationRequest request, Duration deadline) {}

    Asked request(byte[] body, long nowMillis) throws Problem.Found {
        Ask ask = json.read(body, Ask.class);
        int millis = ask.deadlineMillis() == null ? (int) deadline.toMillis() : ask.deadlineMillis();
        if (millis < 1 || millis > longestDeadline.toMillis()) {
            throw new Problem.Found(Problem.ofField(
                    "deadlineMillis",
                    "deadlineMillis " + millis + " is not between 1 and " + longestDeadline.toMillis()));
        }
        require("scenario", ask.scenario());
        requireNoNull("candidates", ask.candidates());
        RecommendationRequest request = RecommendationRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setUserId(require("userId", ask.userId()))
                .setScenario(ask.scenario())
                .setQuery(ask.query())
                .setContextItemId(ask.contextItemId())
                .setCandidates(ask.candidates())
                .setCount(ask.count() == null ? DEFAULT_COUNT : ask.count())
                .setExplain(Boolean.TRUE.equals(ask.explain()))
                .setRequestedAt(nowMillis)
                .build();
        refuse("", contracts.get().refusal(request));
        return new Asked(request, Duration.ofMillis(millis));
    }

    List<BehaviourEvent> events(byte[] body, long nowMillis) throws Problem.Found {
        boolean isOne = !startsList(body);
        List<Event> given = isOne
                ? List.of(json.read(body, Event.class))
                : orNone(json.read(body, Events.class).events());
        if (given.isEmpty() || given.size() > MOST_EVENTS) {
            throw new Problem.Found(Problem.ofField(
                    "events", "There are " + given.size() + " events; it must be between 1 and " + MOST_EVENTS));
        }
        List<BehaviourEvent> events = new ArrayList<>(given.size());
        for (int n = 0; n < given.size(); n++) {
            events.add(event(given.get(n), isOne ? "" : "events[" + n + "]", nowMillis));
        }
        return events;
    }

    private static List<Event> orNone(@Nullable List<@Nullable Event> events) {
        return events == null ? List.of() : events;
    }

    /** A body with the field "events" alone is several; an event has none of that name. */
    private static boolean startsList(byte[] body) {
        String start = new String(body, 0, Math.min(body.length, 64), java.nio.charset.StandardCharsets.UTF_8);
        return start.replaceAll("\\s", "").startsWith("{\"events\"");
    }

    private BehaviourEvent event(@Nullable Event event, String path, long nowMillis) throws Problem.Found {
        if (event == null) {
            throw new Problem.Found(Problem.ofField(path, path + " is null; it must be an object"));
        }
        String inside = path.isEmpty() ? "" : path + ".";
        BehaviourEvent.Builder made = BehaviourEvent.newBuilder()
                .setEventId(event.eventId() == null ? UUID.randomUUID().toString() : event.eventId())
                .setUserId(require(inside + "userId", event.userId()))
                .setSessionId(event.sessionId())
                .setType(require(inside + "type", event.type()))
                .setItemId(event.itemId())
                .setQuery(event.query())
                .setRequestId(event.requestId())
                .setPosition(event.position())
                .setEventTime(event.eventTime() == null ? nowMillis : event.eventTime())
                .setCampaignId(event.campaignId())
                .setDiscountMinor(event.discountMinor());
        if (event.attributes() != null) {
            if (event.attributes().containsValue(null)) {
                throw new Problem.Found(
                        Problem.ofField(inside + "attributes", "attributes has a null; leave the name out instead"));
            }
            made.setAttributes(event.attributes());
        }
        BehaviourEvent valid = made.build();
        refuse(inside, contracts.get().refusal(valid));
        return valid;
    }

    private static <T> T require(String field, @Nullable T value) throws Problem.Found {
        if (value == null) {
            throw new Problem.Found(Problem.ofField(field, field + " is missing"));
        }
        return value;
    }

    private static void requireNoNull(String field, @Nullable List<?> values) throws Problem.Found {
        if (values != null && values.stream().anyMatch(java.util.Objects::isNull)) {
            throw new Problem.Found(Problem.ofField(field, field + " has a null"));
        }
    }

    /** What the job says begins with the name of the field. */
    private static void refuse(String inside, Optional<String> refusal) throws Problem.Found {
        if (refusal.isPresent()) {
            String field = refusal.get().split(" ", 2)[0];
            throw new Problem.Found(Problem.ofField(inside + field, refusal.get()));
        }
    }
}
