package dev.rebound.deploy.lab.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.RecommendationRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the neutral format: JSON Lines, each a BehaviourEvent (it has an {@code eventId}), a RecommendationRequest (a
 * {@code requestId} and a {@code scenario}), a Campaign (a {@code campaignId} and no {@code eventId}) or a CatalogItem (an
 * {@code itemId} alone), with the fields of the Avro record. Items before the first event or request are the catalog, later
 * ones its changes. A file without any item has those
 * that its events name for a catalog; one without requests gets {@linkplain RequestsAlong made ones}.
 */
public final class JsonLinesImporter implements EventSource {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final DataFile file;
    private @Nullable Contents contents;

    /** @param catalog what the events name, where the file holds no item */
    private record Contents(long events, long requests, List<CatalogItem> catalog, List<RejectedRow> rejected) {}

    private record Line(long number, SpecificRecord content) {}

    public JsonLinesImporter(Path file) {
        this.file = new DataFile(file);
    }

    @Override
    public Stream<CatalogItem> catalog() {
        if (!contents().catalog().isEmpty()) {
            return contents().catalog().stream();
        }
        return lines(new ArrayList<>())
                .map(Line::content)
                .takeWhile(JsonLinesImporter::describesTheShop)
                .filter(CatalogItem.class::isInstance)
                .map(CatalogItem.class::cast);
    }

    @Override
    public Stream<FeedRecord> feed() {
        FeedEncoder encoder = new FeedEncoder();
        RequestsAlong made = new RequestsAlong();
        boolean without = contents().requests() == 0;
        boolean[] begun = {false};
        return lines(new ArrayList<>())
                .map(Line::content)
                .filter(content -> {
                    begun[0] |= !describesTheShop(content);
                    return begun[0] || content instanceof Campaign;
                })
                .flatMap(content -> {
                    if (content instanceof BehaviourEvent event) {
                        Optional<RecommendationRequest> request = without ? made.after(event) : Optional.empty();
                        return Stream.concat(Stream.of(encoder.event(event)), request.map(encoder::request).stream());
                    }
                    return Stream.of(encoder.record(content));
                });
    }

    private static boolean describesTheShop(SpecificRecord content) {
        return content instanceof CatalogItem || content instanceof Campaign;
    }

    @Override
    public long eventCount() {
        return contents().events();
    }

    @Override
    public List<RejectedRow> rejected() {
        return contents().rejected();
    }

    private Contents contents() {
        if (contents == null) {
            List<RejectedRow> rejected = new ArrayList<>();
            long[] counts = new long[3];
            Map<String, CatalogItem> named = new LinkedHashMap<>();
            try (Stream<Line> lines = lines(rejected)) {
                lines.map(Line::content).forEach(content -> {
                    counts[0] += content instanceof BehaviourEvent ? 1 : 0;
                    counts[1] += content instanceof RecommendationRequest ? 1 : 0;
                    counts[2] += content instanceof CatalogItem ? 1 : 0;
                    if (counts[2] == 0 && content instanceof BehaviourEvent event && event.getItemId() != null) {
                        named.computeIfAbsent(event.getItemId(), id -> bare(id, event.getEventTime()));
                    }
                });
            }
            contents = new Contents(
                    counts[0], counts[1], counts[2] == 0 ? List.copyOf(named.values()) : List.of(), rejected);
        }
        return contents;
    }

    private static CatalogItem bare(String itemId, long timeMillis) {
        return CatalogItem.newBuilder()
                .setItemId(itemId)
                .setUpdatedAt(timeMillis)
                .build();
    }

    private Stream<Line> lines(List<RejectedRow> rejected) {
        BufferedReader reader = file.open();
        long[] number = {0};
        return reader.lines()
                .map(text -> parse(text, ++number[0], rejected))
                .flatMap(Optional::stream)
                .onClose(() -> close(reader));
    }

    private Optional<Line> parse(String text, long number, List<RejectedRow> rejected) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Line(number, record(JSON.readTree(text))));
        } catch (JsonProcessingException e) {
            rejected.add(new RejectedRow(file.name(), number, "no JSON: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            rejected.add(new RejectedRow(file.name(), number, String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    private static SpecificRecord record(JsonNode json) {
        if (json.has("eventId")) {
            return AvroJson.read(json, new BehaviourEvent());
        }
        if (json.has("requestId") && json.has("scenario")) {
            return AvroJson.read(json, new RecommendationRequest());
        }
        if (json.has("campaignId")) {
            return AvroJson.read(json, new Campaign());
        }
        if (json.has("itemId")) {
            return AvroJson.read(json, new CatalogItem());
        }
        throw new IllegalArgumentException(
                "neither an eventId, nor a requestId with a scenario, nor a campaignId, nor an itemId");
    }

    private void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't close " + file.path(), e);
        }
    }
}
