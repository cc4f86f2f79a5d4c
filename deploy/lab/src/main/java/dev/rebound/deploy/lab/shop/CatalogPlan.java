package dev.rebound.deploy.lab.shop;

import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.schemas.CatalogItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * Which items are sold when: some never are, and while the feed runs some sell out, some are removed and some are new.
 */
final class CatalogPlan {
    private static final double UNAVAILABLE = 0.02;
    private static final double SELL_OUT = 0.01;
    private static final double REMOVED = 0.005;
    private static final double NEW = 0.03;

    private final Assortment assortment;
    private final long startMillis;
    private final BitSet isUnavailable = new BitSet();
    private final BitSet isLate = new BitSet();
    private final List<Change> changes = new ArrayList<>();

    enum Kind {
        APPEARS,
        SELLS_OUT,
        IS_REMOVED
    }

    /** @param atEvent after how many events of the feed */
    record Change(long atEvent, Kind kind, int item) {}

    /**
     * @param eventCount of the feed, over which changes are spread; 0 for no changes
     * @param startMillis when the first catalog is published
     */
    CatalogPlan(Assortment assortment, long eventCount, long startMillis, UniformRandomProvider random) {
        this.assortment = assortment;
        this.startMillis = startMillis;
        int size = assortment.items().size();
        int kept = Leaf.all().size();
        int[] order = new PermutationSampler(random, size - kept, size - kept).sample();
        List<Integer> pool = IntStream.of(order).map(i -> i + kept).boxed().toList();
        int a = (int) (UNAVAILABLE * size);
        int b = a + (int) (NEW * size);
        int c = b + (int) (SELL_OUT * size);
        int d = c + (int) (REMOVED * size);
        pool.subList(0, a).forEach(isUnavailable::set);
        pool.subList(a, b).forEach(isLate::set);
        schedule(Kind.APPEARS, pool.subList(a, b), eventCount);
        schedule(Kind.SELLS_OUT, pool.subList(b, c), eventCount);
        schedule(Kind.IS_REMOVED, pool.subList(c, d), eventCount);
        changes.sort(Comparator.comparingLong(Change::atEvent));
    }

    private void schedule(Kind kind, List<Integer> items, long eventCount) {
        for (int i = 0; i < items.size(); i++) {
            // From a tenth to nine tenths of the feed.
            changes.add(new Change((long) (eventCount * (0.1 + 0.8 * i / items.size())), kind, items.get(i)));
        }
    }

    List<Change> changes() {
        return changes;
    }

    /** Fills an empty shop as it is before the first event. */
    void stock(Shop shop) {
        assortment.items().forEach(item -> shop.list(item.index()));
        isUnavailable.stream().forEach(shop::unlist);
        isLate.stream().forEach(shop::unlist);
    }

    Stream<CatalogItem> catalog() {
        return assortment.items().stream()
                .filter(item -> !isLate.get(item.index()))
                .map(item -> item.record(!isUnavailable.get(item.index()), startMillis));
    }

    /** Makes the change in the shop, and the record that tells it. */
    FeedRecord apply(Change change, Shop shop, FeedEncoder encoder, long nowMillis) {
        ShopItem item = assortment.item(change.item());
        return switch (change.kind()) {
            case APPEARS -> {
                shop.list(change.item());
                yield encoder.item(item.record(true, nowMillis));
            }
            case SELLS_OUT -> {
                shop.unlist(change.item());
                yield encoder.item(item.record(false, nowMillis));
            }
            case IS_REMOVED -> {
                shop.unlist(change.item());
                yield encoder.removal(item.itemId());
            }
        };
    }
}
