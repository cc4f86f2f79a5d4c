package dev.rebound.deploy.lab.shop;

import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.events.RejectedRow;
import dev.rebound.schemas.CatalogItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Makes up a shop of about 5,000 items and the behaviour of its customers, one to 40 events, over two weeks. There is
 * something to learn in it: customers keep to their categories and brands for some days, items lead to their companions,
 * each day has its hits. The same seed and count give the same bytes. Nothing but the catalog and the visits of the
 * moment is held in memory.
 */
public final class ShopGenerator implements EventSource {
    static final Instant START = Instant.parse("2025-03-03T00:00:00Z");
    static final Duration PERIOD = Duration.ofDays(14);

    private static final int EVENTS_PER_CUSTOMER = 40;
    private static final int LEAST_CUSTOMERS = 20;
    private static final int LEAST_ITEMS = 300;
    private static final int MOST_ITEMS = 5_000;

    private final long seed;
    private final long eventCount;
    private final boolean history;
    private final int customers;
    private final Assortment assortment;

    private ShopGenerator(long seed, long eventCount, boolean history, long shopSize) {
        if (eventCount < 1) {
            throw new IllegalArgumentException("The event count is " + eventCount + ", allowed is 1 and more");
        }
        this.seed = seed;
        this.eventCount = eventCount;
        this.history = history;
        this.customers = (int) Math.max(LEAST_CUSTOMERS, shopSize / EVENTS_PER_CUSTOMER);
        int items = (int) Math.max(LEAST_ITEMS, Math.min(MOST_ITEMS, shopSize / EVENTS_PER_CUSTOMER));
        this.assortment = new Assortment(items, seed);
    }

    /** Two weeks of exactly {@code eventCount} events, duplicates and corrupt ones among them. */
    public static ShopGenerator of(long seed, long eventCount) {
        return new ShopGenerator(seed, eventCount, false, eventCount);
    }

    /** What the same customers did in the two weeks before, without mishaps and requests. */
    public ShopGenerator history(long historyEvents) {
        return new ShopGenerator(seed, historyEvents, true, eventCount);
    }

    @Override
    public Stream<CatalogItem> catalog() {
        return plan().catalog();
    }

    @Override
    public Stream<FeedRecord> feed() {
        ShopFeed feed = new ShopFeed(
                assortment,
                plan(),
                customers,
                eventCount,
                history,
                start(),
                // Another stream than the assortment's, and another one for the history.
                RandomSource.XO_RO_SHI_RO_128_PP.create(seed * 2 + (history ? 1_000_001 : 1_000_000)),
                seed);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(feed, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public long eventCount() {
        return eventCount;
    }

    @Override
    public List<RejectedRow> rejected() {
        return List.of();
    }

    private CatalogPlan plan() {
        return new CatalogPlan(
                assortment, eventCount, start().toEpochMilli(), RandomSource.XO_RO_SHI_RO_128_PP.create(seed + 7));
    }

    private Instant start() {
        return history ? START.minus(PERIOD) : START;
    }
}
