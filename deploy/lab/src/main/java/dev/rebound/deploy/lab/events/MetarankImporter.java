package dev.rebound.deploy.lab.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads Metarank's events, JSON Lines with an {@code event} of {@code item}, {@code ranking} or {@code interaction}. A
 * ranking becomes a request with its items as candidates and an impression of each; an interaction becomes an event of
 * its type. An item's {@code title}, {@code category}, {@code brand} and {@code price} take the places of the catalog's,
 * its other fields become attributes, lists joined by {@code "; "}.
 */
final class MetarankImporter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CANDIDATES = 100;

    /** By the name of the interaction; one that is not here is a click. */
    private static final Map<String, EventType> TYPES = Map.of(
            "view", EventType.VIEW,
            "like", EventType.FAVOURITE,
            "favourite", EventType.FAVOURITE,
            "favorite", EventType.FAVOURITE,
            "cart", EventType.CART,
            "purchase", EventType.PURCHASE,
            "buy", EventType.PURCHASE,
            "order", EventType.PURCHASE);

    private static final Set<String> OWN_FIELDS = Set.of("title", "category", "brand", "price", "available");

    private final List<CatalogItem> catalog = new ArrayList<>();
    private final List<Timed> feed = new ArrayList<>();

    private record Timed(long millis, SpecificRecord record) {}

    private MetarankImporter() {}

    static EventSource open(Path file) {
        return new ImportedSource(() -> new MetarankImporter().read(new DataFile(file)));
    }

    private ImportedSource.Contents read(DataFile file) {
        List<RejectedRow> rejected = new ArrayList<>();
        try (BufferedReader reader = file.open()) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                try {
                    accept(JSON.readTree(line));
                } catch (JsonProcessingException e) {
                    rejected.add(new RejectedRow(file.name(), number, "no JSON: " + e.getOriginalMessage()));
                } catch (IllegalArgumentException e) {
                    rejected.add(new RejectedRow(file.name(), number, String.valueOf(e.getMessage())));
                }
            }
        } catch (IOException e) {
            throw file.unreadable(e);
        }
        feed.sort(Comparator.comparingLong(Timed::millis));
        return new ImportedSource.Contents(
                catalog, feed.stream().map(Timed::record).toList(), rejected);
    }

    private void accept(JsonNode event) {
        String kind = event.path("event").asText();
        switch (kind) {
            case "item" -> item(event);
            case "ranking" -> ranking(event);
            case "interaction" -> interaction(event);
            case "user" -> {}
            default ->
                throw new IllegalArgumentException(
                        "event is '" + kind + "', allowed are item, ranking, interaction, user");
        }
    }

    private void item(JsonNode event) {
        CatalogItem.Builder item =
                CatalogItem.newBuilder().setItemId(text(event, "item")).setUpdatedAt(millis(event));
        Map<String, String> attributes = new HashMap<>();
        for (JsonNode field : event.path("fields")) {
            String name = text(field, "name");
            JsonNode value = field.path("value");
            switch (name) {
                case "title" -> item.setTitle(joined(value));
                case "brand" -> item.setBrand(joined(value));
                case "category" -> item.setCategoryPath(elements(value));
                case "price" -> item.setPriceMinor(Math.round(value.asDouble() * 100));
                case "available" -> item.setAvailable(value.asBoolean(true));
                default -> {}
            }
            if (!OWN_FIELDS.contains(name)) {
                attributes.put(name, joined(value));
            }
        }
        catalog.add(item.setAttributes(attributes).build());
    }

    private void ranking(JsonNode event) {
        String id = text(event, "id");
        String user = user(event);
        long millis = millis(event);
        List<String> items = new ArrayList<>();
        event.path("items").forEach(item -> items.add(text(item, "id")));
        if (items.isEmpty() || items.size() > MOST_CANDIDATES) {
            throw new IllegalArgumentException(
                    "a ranking of " + items.size() + " items, allowed are 1 to " + MOST_CANDIDATES);
        }
        feed.add(new Timed(
                millis,
                RecommendationRequest.newBuilder()
                        .setRequestId(id)
                        .setUserId(user)
                        .setScenario(Scenario.HOME)
                        .setCandidates(items)
                        .setCount(items.size())
                        .setRequestedAt(millis)
                        .build()));
        for (int position = 0; position < items.size(); position++) {
            feed.add(new Timed(
                    millis,
                    event(id + "-" + position, user, EventType.IMPRESSION, items.get(position), millis)
                            .setRequestId(id)
                            .setPosition(position)
                            .build()));
        }
    }

    private void interaction(JsonNode event) {
        long millis = millis(event);
        EventType type = TYPES.getOrDefault(text(event, "type").toLowerCase(Locale.ROOT), EventType.CLICK);
        BehaviourEvent.Builder interaction = event(text(event, "id"), user(event), type, text(event, "item"), millis);
        if (event.hasNonNull("ranking")) {
            interaction.setRequestId(text(event, "ranking"));
        }
        feed.add(new Timed(millis, interaction.build()));
    }

    private static BehaviourEvent.Builder event(String id, String user, EventType type, String item, long millis) {
        return BehaviourEvent.newBuilder()
                .setEventId(id)
                .setUserId(user)
                .setType(type)
                .setItemId(item)
                .setEventTime(millis);
    }

    private static String user(JsonNode event) {
        return event.hasNonNull("user") ? text(event, "user") : text(event, "session");
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.asText().isEmpty()) {
            throw new IllegalArgumentException("the field '" + field + "' is missing or empty");
        }
        return value.asText();
    }

    private static long millis(JsonNode event) {
        String text = text(event, "timestamp");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("timestamp is '" + text + "', wanted are milliseconds since 1970", e);
        }
    }

    private static List<String> elements(JsonNode value) {
        if (!value.isArray()) {
            return List.of(value.asText());
        }
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(element.asText()));
        return elements;
    }

    private static String joined(JsonNode value) {
        return String.join("; ", elements(value));
    }
}
