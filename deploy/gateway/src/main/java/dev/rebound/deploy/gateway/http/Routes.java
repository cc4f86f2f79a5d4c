package dev.rebound.deploy.gateway.http;

import dev.rebound.deploy.gateway.http.Bodies.Asked;
import dev.rebound.deploy.gateway.live.EventSender;
import dev.rebound.deploy.gateway.local.LocalState;
import dev.rebound.deploy.gateway.serving.Answers;
import dev.rebound.deploy.gateway.settings.ApiKeys;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.UserProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is served where. On a thread of its own for each request: to hand something to Kafka may wait for a moment, and the
 * server's selector must not.
 */
final class Routes extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String USERS = "/v1/users/";
    private static final String PROFILE = "/profile";
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration GRACE = Duration.ofMillis(50);

    private final Answers answers;
    private final EventSender events;
    private final LocalState local;
    private final ApiKeys keys;
    private final Bodies bodies;
    private final Json json;
    private final int maxBytes;
    private final GatewayMetrics metrics;
    private final byte[] openApi = resource("openapi.yaml");

    /** @param maxBytes of a body */
    Routes(
            Answers answers,
            EventSender events,
            LocalState local,
            ApiKeys keys,
            Bodies bodies,
            Json json,
            int maxBytes,
            GatewayMetrics metrics) {
        this.answers = answers;
        this.events = events;
        this.local = local;
        this.keys = keys;
        this.bodies = bodies;
        this.json = json;
        this.maxBytes = maxBytes;
        this.metrics = metrics;
    }

    private static byte[] resource(String name) {
        try (InputStream in = Routes.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
        Exchange exchange = new Exchange(route(path), request, response, callback, json, metrics);
        try {
            serve(path, exchange);
        } catch (Problem.Found e) {
            exchange.problem(e.problem());
        }
        return true;
    }

    /** A path without what only one request has: metrics must not grow with users. */
    private static String route(String path) {
        if (path.startsWith(USERS)) {
            return path.endsWith(PROFILE) ? USERS + "{id}" + PROFILE : USERS + "{id}";
        }
        return switch (path) {
            case "/v1/recommendations", "/v1/events", "/v1/openapi.yaml", "/health/live", "/health/ready", "/metrics" ->
                path;
            default -> "other";
        };
    }

    private void serve(String path, Exchange exchange) throws Problem.Found {
        switch (exchange.route()) {
            case "/v1/recommendations" -> {
                require("POST", exchange);
                body(exchange, this::recommend);
            }
            case "/v1/events" -> {
                require("POST", exchange);
                body(exchange, this::accept);
            }
            case USERS + "{id}" + PROFILE -> {
                require("GET", exchange);
                profile(user(path.substring(USERS.length(), path.length() - PROFILE.length())), exchange);
            }
            case USERS + "{id}" -> {
                require("DELETE", exchange);
                erase(user(path.substring(USERS.length())), exchange);
            }
            case "/v1/openapi.yaml" -> exchange.write(200, "application/yaml", openApi);
            case "/health/live" -> exchange.json(200, Map.of("live", true));
            case "/health/ready" -> ready(exchange);
            case "/metrics" -> exchange.write(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
            default ->
                throw new Problem.Found(
                        Problem.of(404, "Not found", "There is nothing at " + path + "; see /v1/openapi.yaml"));
        }
    }

    private void require(String method, Exchange exchange) throws Problem.Found {
        Request request = exchange.request();
        if (keys.ownerOf(request.getHeaders().get("X-Api-Key")).isEmpty()) {
            throw new Problem.Found(
                    Problem.of(401, "Unauthorized", "The header X-Api-Key is missing, or its key is nobody's"));
        }
        if (!request.getMethod().equals(method)) {
            exchange.response().getHeaders().put(HttpHeader.ALLOW, method);
            throw new Problem.Found(Problem.of(
                    405,
                    "Method not allowed",
                    exchange.route() + " takes " + method + " and not " + request.getMethod()));
        }
    }

    /** What is done with a whole body. */
    private interface BodyHandler {
        void handle(byte[] body, Exchange exchange) throws Problem.Found;
    }

    private void body(Exchange exchange, BodyHandler handler) throws Problem.Found {
        String type = Optional.ofNullable(exchange.request().getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        if (!type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem.Found(Problem.of(
                    415, "Unsupported media type", "Content-Type must be application/json; it is '" + type + "'"));
        }
        if (exchange.request().getLength() > maxBytes) {
            throw tooLarge();
        }
        BiConsumer<byte[], Throwable> whole = (body, failure) -> {
            try {
                if (failure instanceof IllegalStateException) {
                    throw tooLarge();
                }
                if (failure != null) {
                    throw new Problem.Found(Problem.of(
                            408, "Request timeout", "The body did not come whole in time: " + failure.getMessage()));
                }
                handler.handle(body, exchange);
            } catch (Problem.Found e) {
                exchange.problem(e.problem());
            } catch (RuntimeException e) {
                failed(exchange, e);
            }
        };
        Content.Source.asByteArrayAsync(
                exchange.request(), maxBytes, Promise.Invocable.from(InvocationType.BLOCKING, whole));
    }

    private Problem.Found tooLarge() {
        return new Problem.Found(Problem.of(413, "Content too large", "The body has more than " + maxBytes + " bytes"));
    }

    private static void failed(Exchange exchange, Throwable failure) {
        LOG.error("{} failed", exchange.route(), failure);
        exchange.problem(Problem.of(500, "Internal error", "The gateway failed; its log says why"));
    }

    private void recommend(byte[] body, Exchange exchange) throws Problem.Found {
        // What the request has waited for its turn and its body counts too.
        long begin = exchange.request().getHeadersNanoTime();
        Asked asked = bodies.request(body, System.currentTimeMillis());
        Duration left = asked.deadline().minusNanos(System.nanoTime() - begin);
        Duration deadline = left.compareTo(LEAST) < 0 ? LEAST : left;
        respond(exchange, answers.answer(asked.request(), deadline), (answer, failure) -> {
            if (failure != null) {
                failed(exchange, failure);
                return;
            }
            long nanos = System.nanoTime() - begin;
            metrics.answered(
                    answer.source(),
                    nanos / 1e9,
                    nanos > asked.deadline().plus(GRACE).toNanos());
            exchange.json(200, answer);
        });
    }

    /** Also where the response itself fails there is one: nobody waits for ever. */
    private static <T> void respond(Exchange exchange, CompletableFuture<T> result, BiConsumer<T, Throwable> response) {
        var unused = result.whenComplete((value, failure) -> {
            try {
                response.accept(value, failure);
            } catch (RuntimeException e) {
                failed(exchange, e);
            }
        });
    }

    private void accept(byte[] body, Exchange exchange) throws Problem.Found {
        List<BehaviourEvent> valid = bodies.events(body, System.currentTimeMillis());
        send(
                valid,
                exchange,
                Map.of(
                        "accepted",
                        valid.size(),
                        "eventIds",
                        valid.stream().map(BehaviourEvent::getEventId).toList()));
    }

    private void erase(String userId, Exchange exchange) {
        BehaviourEvent erasure = BehaviourEvent.newBuilder()
                .setEventId("erase-" + UUID.randomUUID())
                .setUserId(userId)
                .setType(EventType.ERASE_USER)
                .setEventTime(System.currentTimeMillis())
                .build();
        send(List.of(erasure), exchange, Map.of("accepted", 1));
    }

    private void send(List<BehaviourEvent> valid, Exchange exchange, Object accepted) {
        respond(exchange, events.send(valid), (done, failure) -> {
            if (failure != null) {
                LOG.warn("Events were not accepted: {}", failure.getMessage());
                exchange.response().getHeaders().put(HttpHeader.RETRY_AFTER, 1);
                exchange.problem(
                        Problem.of(
                                503,
                                "Not accepted",
                                "Kafka may not have all of it. Send the same again: what has an eventId of the sender's counts once"));
                return;
            }
            metrics.accepted(valid.size());
            exchange.json(202, accepted);
        });
    }

    private static String user(String encoded) throws Problem.Found {
        String userId;
        try {
            userId = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Problem.Found(Problem.ofField("id", "The user id in the path is wrongly encoded"));
        }
        if (userId.isEmpty() || userId.length() > 256) {
            throw new Problem.Found(Problem.ofField("id", "The user id in the path must have 1 to 256 characters"));
        }
        return userId;
    }

    private void profile(String userId, Exchange exchange) throws Problem.Found {
        UserProfile profile = local.answers()
                .profile(userId)
                .orElseThrow(() -> new Problem.Found(
                        Problem.of(404, "Not found", "Nothing is known of this user, or it was erased")));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("userId", profile.getUserId());
        shown.put("eventCounts", profile.getEventCounts());
        shown.put("sessions", profile.getSessions());
        shown.put("firstEventTime", profile.getFirstEventTime());
        shown.put("lastEventTime", profile.getLastEventTime());
        shown.put("categoryInterests", profile.getCategoryInterests());
        shown.put("brandInterests", profile.getBrandInterests());
        shown.put("meanPriceMinor", profile.getMeanPriceMinor());
        shown.put("recentItemIds", profile.getRecentItemIds());
        exchange.json(200, shown);
    }

    /** Ready is who can answer: also from what is held, once that is whole. */
    private void ready(Exchange exchange) {
        boolean ready = local.isCaughtUp();
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("ready", ready);
        state.put("waitsForLive", answers.waitsForLive());
        local.trouble().ifPresent(trouble -> state.put("trouble", trouble));
        exchange.json(ready ? 200 : 503, state);
    }
}
