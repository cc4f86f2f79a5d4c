package dev.rebound.deploy.ops.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the UserBehavior data of Taobao as CSV with a head line naming {@code user_id, item_id, category_id, behavior,
 * timestamp} (seconds). An event's id is its line; the catalog is what the rows mention. Rows are held in memory, about
 * 100 bytes each, to put them into the order of time.
 */
public final class TaobaoImporter implements EventSource {
    private static final Map<String, EventType> TYPES =
            Map.of("pv", EventType.VIEW, "fav", EventType.FAVOURITE, "cart", EventType.CART, "buy", EventType.PURCHASE);
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    private final DataFile file;
    private @Nullable Rows rows;

    private record Row(long line, String user, String item, EventType type, long timeMillis) {}

    private record Rows(List<Row> byTime, Map<String, String> categoryByItem, List<RejectedRow> rejected) {}

    public TaobaoImporter(Path file) {
        this.file = new DataFile(file);
    }

    @Override
    public Stream<CatalogItem> catalog() {
        long start = rows().byTime().isEmpty() ? 0 : rows().byTime().get(0).timeMillis();
        return rows().categoryByItem().entrySet().stream()
                .map(item -> CatalogItem.newBuilder()
                        .setItemId(item.getKey())
                        .setCategoryPath(List.of("c" + item.getValue()))
                        .setUpdatedAt(start)
                        .build());
    }

    @Override
    public Stream<FeedRecord> feed() {
        FeedEncoder encoder = new FeedEncoder();
        RequestsAlong requests = new RequestsAlong();
        return rows().byTime().stream()
                .map(TaobaoImporter::event)
                .flatMap(event -> Stream.concat(
                        Stream.of(encoder.event(event)), requests.after(event).map(encoder::request).stream()));
    }

    @Override
    public long eventCount() {
        return rows().byTime().size();
    }

    @Override
    public List<RejectedRow> rejected() {
        return rows().rejected();
    }

    private static BehaviourEvent event(Row row) {
        return BehaviourEvent.newBuilder()
                .setEventId("t-" + row.line())
                .setUserId(row.user())
                .setType(row.type())
                .setItemId(row.item())
                .setEventTime(row.timeMillis())
                .build();
    }

    private Rows rows() {
        if (rows == null) {
            rows = read();
        }
        return rows;
    }

    private Rows read() {
        List<Row> byTime = new ArrayList<>();
        Map<String, String> categories = new LinkedHashMap<>();
        List<RejectedRow> rejected = new ArrayList<>();
        try (CSVParser parser =
                CSVParser.builder().setReader(file.open()).setFormat(FORMAT).get()) {
            for (CSVRecord row : parser) {
                long line = parser.getCurrentLineNumber();
                try {
                    byTime.add(row(row, line));
                    categories.put(row.get("item_id"), row.get("category_id"));
                } catch (IllegalArgumentException e) {
                    rejected.add(new RejectedRow(file.name(), line, String.valueOf(e.getMessage())));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw file.unreadable(e);
        }
        byTime.sort(Comparator.comparingLong(Row::timeMillis));
        return new Rows(byTime, categories, rejected);
    }

    private static Row row(CSVRecord row, long line) {
        EventType type = TYPES.get(row.get("behavior"));
        if (type == null) {
            throw new IllegalArgumentException(
                    "behavior is '" + row.get("behavior") + "', allowed are " + TYPES.keySet());
        }
        if (row.get("user_id").isEmpty() || row.get("item_id").isEmpty()) {
            throw new IllegalArgumentException("user_id or item_id is empty");
        }
        return new Row(line, row.get("user_id"), row.get("item_id"), type, seconds(row.get("timestamp")) * 1000);
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("timestamp is '" + text + "', allowed are seconds since 1970", e);
        }
    }
}
