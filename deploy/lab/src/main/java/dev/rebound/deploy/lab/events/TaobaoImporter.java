package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the UserBehavior data of Taobao as CSV with a head line naming {@code user_id, item_id, category_id, behavior,
 * timestamp} (seconds). An event's id is its line; the catalog is what the rows mention.
 */
final class TaobaoImporter {
    private static final Map<String, EventType> TYPES =
            Map.of("pv", EventType.VIEW, "fav", EventType.FAVOURITE, "cart", EventType.CART, "buy", EventType.PURCHASE);

    private TaobaoImporter() {}

    static EventSource open(Path file) {
        return new ImportedSource(() -> read(new DataFile(file)));
    }

    private static ImportedSource.Contents read(DataFile file) {
        List<BehaviourEvent> events = new ArrayList<>();
        Map<String, String> categories = new LinkedHashMap<>();
        List<RejectedRow> rejected = new ArrayList<>();
        CsvRows.read(file, rejected, (row, line) -> {
            events.add(event(row, line));
            categories.put(row.get("item_id"), row.get("category_id"));
        });
        events.sort(Comparator.comparingLong(BehaviourEvent::getEventTime));
        long start = events.isEmpty() ? 0 : events.get(0).getEventTime();
        List<CatalogItem> catalog = categories.entrySet().stream()
                .map(item -> CatalogItem.newBuilder()
                        .setItemId(item.getKey())
                        .setCategoryPath(List.of("c" + item.getValue()))
                        .setUpdatedAt(start)
                        .build())
                .toList();
        return new ImportedSource.Contents(catalog, events, rejected);
    }

    private static BehaviourEvent event(CSVRecord row, long line) {
        EventType type = TYPES.get(row.get("behavior"));
        if (type == null) {
            throw new IllegalArgumentException(
                    "behavior is '" + row.get("behavior") + "', allowed are " + TYPES.keySet());
        }
        return BehaviourEvent.newBuilder()
                .setEventId("t-" + line)
                .setUserId(CsvRows.required(row, "user_id"))
                .setType(type)
                .setItemId(CsvRows.required(row, "item_id"))
                .setEventTime(CsvRows.wholeNumber(row, "timestamp") * 1000)
                .build();
    }
}
