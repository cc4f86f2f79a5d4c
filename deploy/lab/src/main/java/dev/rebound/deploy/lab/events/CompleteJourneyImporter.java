package dev.rebound.deploy.lab.events;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CampaignKind;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads The Complete Journey by dunnhumby: products, transactions, campaigns with their descriptions and households,
 * coupons and their redemptions, each a CSV file named {@code completejourney_PART} in one folder. A coupon in a campaign
 * becomes a campaign of its own, {@code CAMPAIGN/COUPON}. When a household is sent a campaign, it asks which of the
 * coupons that it then holds to use. A redemption names no product.
 */
final class CompleteJourneyImporter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int NOON_HOUR = 12;
    private static final int COUNT = 10;

    private final Path folder;
    private final List<RejectedRow> rejected = new ArrayList<>();
    private final Map<String, CatalogItem> catalog = new LinkedHashMap<>();
    private final Map<String, Window> windows = new LinkedHashMap<>();
    private final Map<String, Map<String, Set<String>>> scopes = new LinkedHashMap<>();
    private final Map<String, Set<String>> campaignsByHousehold = new LinkedHashMap<>();
    private final List<SpecificRecord> feed = new ArrayList<>();

    /** When a campaign runs, its last day included. */
    private record Window(LocalDate start, LocalDate end) {
        boolean runsOn(LocalDate day) {
            return !day.isBefore(start) && !day.isAfter(end);
        }
    }

    private CompleteJourneyImporter(Path folder) {
        this.folder = folder;
    }

    static EventSource open(Path path) {
        Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
        return new ImportedSource(() -> new CompleteJourneyImporter(folder).read());
    }

    private ImportedSource.Contents read() {
        CsvRows.read(file("campaign_descriptions"), rejected, (row, line) -> window(row));
        CsvRows.read(file("coupons"), rejected, (row, line) -> coupon(row));
        CsvRows.read(file("products"), rejected, (row, line) -> product(row));
        CsvRows.read(file("transactions"), rejected, this::purchase);
        CsvRows.read(
                file("campaigns"),
                rejected,
                (row, line) -> campaignsByHousehold
                        .computeIfAbsent(CsvRows.required(row, "household_id"), household -> new LinkedHashSet<>())
                        .add(known(row)));
        CsvRows.read(file("coupon_redemptions"), rejected, this::redemption);
        campaignsByHousehold.forEach(this::requests);
        feed.sort(Comparator.comparingLong(CompleteJourneyImporter::millis));
        List<SpecificRecord> all = new ArrayList<>(campaigns());
        all.addAll(feed);
        return new ImportedSource.Contents(List.copyOf(catalog.values()), all, rejected);
    }

    private DataFile file(String part) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("completejourney_" + part))
                    .min(Comparator.naturalOrder())
                    .map(DataFile::new)
                    .orElseThrow(() -> new CommandFailedException("There is no file completejourney_" + part
                            + "*.csv.gz in " + folder + "; all parts of the data set must lie in one folder"));
        } catch (IOException e) {
            throw new DataFile(folder).unreadable(e);
        }
    }

    private void window(CSVRecord row) {
        windows.put(CsvRows.required(row, "campaign_id"), new Window(day(row, "start_date"), day(row, "end_date")));
    }

    private String known(CSVRecord row) {
        String campaign = CsvRows.required(row, "campaign_id");
        if (!windows.containsKey(campaign)) {
            throw new IllegalArgumentException("campaign_id " + campaign + " has no description");
        }
        return campaign;
    }

    private void coupon(CSVRecord row) {
        scopes.computeIfAbsent(known(row), campaign -> new LinkedHashMap<>())
                .computeIfAbsent(CsvRows.required(row, "coupon_upc"), coupon -> new LinkedHashSet<>())
                .add(CsvRows.required(row, "product_id"));
    }

    private void product(CSVRecord row) {
        String id = CsvRows.required(row, "product_id");
        List<String> path = Stream.of("department", "product_category", "product_type")
                .map(row::get)
                .filter(name -> !name.isEmpty())
                .toList();
        String maker = row.get("manufacturer_id");
        catalog.put(
                id,
                CatalogItem.newBuilder()
                        .setItemId(id)
                        .setTitle((row.get("product_type") + " " + row.get("package_size")).trim())
                        .setCategoryPath(path)
                        .setBrand(maker.isEmpty() ? null : maker)
                        .setUpdatedAt(firstDayMillis())
                        .build());
    }

    private void purchase(CSVRecord row, long line) {
        String product = CsvRows.required(row, "product_id");
        CatalogItem item = catalog.get(product);
        if (item == null) {
            throw new IllegalArgumentException("product_id " + product + " is not among the products");
        }
        BigDecimal quantity = decimal(row, "quantity");
        if (quantity.signum() <= 0) {
            throw new IllegalArgumentException("quantity is " + quantity + ", so that nothing was bought");
        }
        if (item.getPriceMinor() == null) {
            BigDecimal paid = decimal(row, "sales_value").movePointRight(2);
            item.setPriceMinor(paid.divide(quantity, RoundingMode.HALF_UP)
                    .max(BigDecimal.ZERO)
                    .longValue());
            item.setCurrency("USD");
        }
        feed.add(BehaviourEvent.newBuilder()
                .setEventId("t-" + line)
                .setUserId(CsvRows.required(row, "household_id"))
                .setSessionId(row.get("basket_id"))
                .setType(EventType.PURCHASE)
                .setItemId(product)
                .setEventTime(time(row))
                .build());
    }

    private static BigDecimal decimal(CSVRecord row, String column) {
        try {
            return new BigDecimal(row.get(column));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(column + " is '" + row.get(column) + "', wanted is a number", e);
        }
    }

    private void redemption(CSVRecord row, long line) {
        String campaign = known(row);
        String coupon = CsvRows.required(row, "coupon_upc");
        if (!scopes.getOrDefault(campaign, Map.of()).containsKey(coupon)) {
            throw new IllegalArgumentException("coupon_upc " + coupon + " is none of campaign " + campaign);
        }
        feed.add(BehaviourEvent.newBuilder()
                .setEventId("r-" + line)
                .setUserId(CsvRows.required(row, "household_id"))
                .setType(EventType.PURCHASE)
                .setCampaignId(campaignId(campaign, coupon))
                .setEventTime(day(row, "redemption_date")
                        .atTime(NOON_HOUR, 0)
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli())
                .build());
    }

    private void requests(String household, Set<String> campaigns) {
        Set<LocalDate> days = new TreeSet<>();
        campaigns.forEach(campaign -> days.add(windows.get(campaign).start()));
        for (LocalDate day : days) {
            List<String> held = campaigns.stream()
                    .filter(campaign -> windows.get(campaign).runsOn(day))
                    .flatMap(campaign -> scopes.getOrDefault(campaign, Map.of()).keySet().stream()
                            .map(coupon -> campaignId(campaign, coupon)))
                    .toList();
            feed.add(RecommendationRequest.newBuilder()
                    .setRequestId("c-" + household + "-" + day)
                    .setUserId(household)
                    .setScenario(Scenario.CAMPAIGN)
                    .setCandidates(held)
                    .setCount(COUNT)
                    .setRequestedAt(millis(day))
                    .build());
        }
    }

    private List<Campaign> campaigns() {
        List<Campaign> campaigns = new ArrayList<>();
        scopes.forEach((campaign, coupons) -> coupons.forEach((coupon, products) -> campaigns.add(Campaign.newBuilder()
                .setCampaignId(campaignId(campaign, coupon))
                .setKind(CampaignKind.COUPON)
                .setItemIds(List.copyOf(products))
                .setStartsAt(millis(windows.get(campaign).start()))
                .setEndsAt(millis(windows.get(campaign).end().plusDays(1)))
                .build())));
        return campaigns;
    }

    private static String campaignId(String campaign, String coupon) {
        return campaign + "/" + coupon;
    }

    private long firstDayMillis() {
        return windows.values().stream()
                .mapToLong(window -> millis(window.start()))
                .min()
                .orElse(0);
    }

    private static LocalDate day(CSVRecord row, String column) {
        try {
            return LocalDate.parse(row.get(column));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(column + " is '" + row.get(column) + "', wanted is yyyy-MM-dd", e);
        }
    }

    private static long time(CSVRecord row) {
        String text = row.get("transaction_timestamp");
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "transaction_timestamp is '" + text + "', wanted is yyyy-MM-dd HH:mm:ss", e);
        }
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private static long millis(SpecificRecord record) {
        return record instanceof BehaviourEvent event
                ? event.getEventTime()
                : ((RecommendationRequest) record).getRequestedAt();
    }
}
