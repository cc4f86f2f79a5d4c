package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads sessions without users or a clock: either a row a click ({@code session_idx, position, item_id}) or a row a
 * session with what came next ({@code prefix_items, target_item}). Each session becomes a user; sessions begin a minute
 * apart, clicks a second. The catalog is what the rows mention.
 */
final class RetailRocketImporter {
    private static final Instant START = Instant.parse("2015-05-03T00:00:00Z");
    private static final int SECONDS_BETWEEN_SESSIONS = 60;

    private final List<BehaviourEvent> events = new ArrayList<>();
    private final Set<String> items = new LinkedHashSet<>();

    private RetailRocketImporter() {}

    static EventSource open(Path file) {
        return new ImportedSource(() -> new RetailRocketImporter().read(new DataFile(file)));
    }

    private ImportedSource.Contents read(DataFile file) {
        List<RejectedRow> rejected = new ArrayList<>();
        CsvRows.read(file, rejected, (row, line) -> {
            if (row.isMapped("prefix_items")) {
                session(row, line);
            } else {
                long session = CsvRows.wholeNumber(row, "session_idx");
                click("s" + session, session, CsvRows.wholeNumber(row, "position"), CsvRows.required(row, "item_id"));
            }
        });
        List<CatalogItem> catalog = items.stream()
                .map(item -> CatalogItem.newBuilder()
                        .setItemId(item)
                        .setUpdatedAt(START.toEpochMilli())
                        .build())
                .toList();
        return new ImportedSource.Contents(catalog, events, rejected);
    }

    private void session(CSVRecord row, long line) {
        String target = CsvRows.required(row, "target_item");
        int position = 0;
        for (String item : CsvRows.required(row, "prefix_items").split(" ")) {
            click("p" + line, line, position++, item);
        }
        click("p" + line, line, position, target);
    }

    private void click(String user, long session, long position, String item) {
        items.add(item);
        events.add(BehaviourEvent.newBuilder()
                .setEventId(user + "-" + position)
                .setUserId(user)
                .setType(EventType.VIEW)
                .setItemId(item)
                .setEventTime(START.plusSeconds(session * SECONDS_BETWEEN_SESSIONS + position)
                        .toEpochMilli())
                .build());
    }
}
