package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the order lines of the UCI data set Online Retail: {@code InvoiceNo, StockCode, Description, Quantity,
 * InvoiceDate, UnitPrice, CustomerID}. Each line is a purchase; an order without a customer is a guest's, who is known by
 * it alone. Cancellations, returns, lines that are no product (postage, fees) and those without a price are named and left
 * out. The lines of an order have its one time: they are a basket. An item has the title and price of its first line.
 */
final class OnlineRetailImporter {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final List<BehaviourEvent> events = new ArrayList<>();
    private final Map<String, CatalogItem> catalog = new LinkedHashMap<>();

    private OnlineRetailImporter() {}

    static EventSource open(Path file) {
        return new ImportedSource(() -> new OnlineRetailImporter().read(new DataFile(file)));
    }

    private ImportedSource.Contents read(DataFile file) {
        List<RejectedRow> rejected = new ArrayList<>();
        CsvRows.read(file, rejected, this::line);
        events.sort(Comparator.comparingLong(BehaviourEvent::getEventTime));
        return new ImportedSource.Contents(List.copyOf(catalog.values()), events, rejected);
    }

    private void line(CSVRecord row, long line) {
        String invoice = CsvRows.required(row, "InvoiceNo");
        String item = CsvRows.required(row, "StockCode");
        if (invoice.startsWith("C")) {
            throw new IllegalArgumentException("InvoiceNo '" + invoice + "' is a cancellation");
        }
        if (CsvRows.wholeNumber(row, "Quantity") <= 0) {
            throw new IllegalArgumentException("Quantity '" + row.get("Quantity") + "' is a return or a correction");
        }
        if (!Character.isDigit(item.charAt(0))) {
            throw new IllegalArgumentException("StockCode '" + item + "' is no product");
        }
        BigDecimal price = price(row);
        if (price.signum() <= 0) {
            throw new IllegalArgumentException("UnitPrice '" + row.get("UnitPrice") + "' is no sale");
        }
        long time = time(row);
        String customer = row.get("CustomerID");
        events.add(BehaviourEvent.newBuilder()
                .setEventId("o-" + line)
                .setUserId(customer.isEmpty() ? "guest-" + invoice : customer)
                .setType(EventType.PURCHASE)
                .setItemId(item)
                .setEventTime(time)
                .build());
        catalog.computeIfAbsent(item, id -> item(id, row.get("Description"), price, time));
    }

    private static CatalogItem item(String id, String title, BigDecimal price, long time) {
        return CatalogItem.newBuilder()
                .setItemId(id)
                .setTitle(title)
                .setPriceMinor(price.movePointRight(2).longValue())
                .setCurrency("GBP")
                .setUpdatedAt(time)
                .build();
    }

    private static BigDecimal price(CSVRecord row) {
        String text = row.get("UnitPrice");
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("UnitPrice is '" + text + "', wanted is a number", e);
        }
    }

    private static long time(CSVRecord row) {
        String text = row.get("InvoiceDate");
        try {
            return LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("InvoiceDate is '" + text + "', wanted is yyyy-MM-dd HH:mm:ss", e);
        }
    }
}
