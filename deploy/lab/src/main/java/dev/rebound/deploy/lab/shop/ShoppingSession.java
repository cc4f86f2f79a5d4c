package dev.rebound.deploy.lab.shop;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.jspecify.annotations.Nullable;

/**
 * One visit of a customer: lists are shown, an item is clicked and viewed, and leads to the next one, often a companion.
 * Who wants to buy searches first, puts more into the cart and pays for it.
 */
final class ShoppingSession {
    private static final int LIST_LENGTH = 3;
    private static final double TO_A_COMPANION = 0.45;
    private static final double TO_ANOTHER_CATEGORY = 0.12;
    private static final double TO_THE_HIT = 0.12;
    private static final int TRIES_FOR_THE_BRAND = 2;
    private static final int TRIES_FOR_A_LISTED_ITEM = 8;

    private final Shop shop;
    private final Customer customer;
    private final String sessionId;
    private final UniformRandomProvider random;
    private final long day;
    private final boolean buying;
    private final List<BehaviourEvent> events = new ArrayList<>();
    private long clock;
    private int leaf;

    ShoppingSession(Shop shop, Customer customer, String sessionId, long startMillis, UniformRandomProvider random) {
        this.shop = shop;
        this.customer = customer;
        this.sessionId = sessionId;
        this.random = random;
        this.clock = startMillis;
        this.day = startMillis / 86_400_000L;
        this.buying = random.nextDouble() < 0.3;
        this.leaf = customer.leaf(day, shop.assortment(), random);
    }

    /** The session's events in the order of their times, without ids. */
    List<BehaviourEvent> run() {
        if (buying || random.nextDouble() < 0.15) {
            search();
        }
        int item = -1;
        int views = 1 + random.nextInt(buying ? 6 : 4);
        for (int view = 0; view < views; view++) {
            item = next(item);
            if (random.nextDouble() < 0.4) {
                list(item);
            }
            look(item);
        }
        return events;
    }

    private void search() {
        String brand = random.nextBoolean() ? customer.brand(leaf, shop.assortment()) + " " : "";
        add(EventType.SEARCH, null, brand + shop.assortment().leaf(leaf).noun(), null, 3_000);
    }

    private void list(int clicked) {
        int position = random.nextInt(LIST_LENGTH);
        for (int p = 0; p < LIST_LENGTH; p++) {
            int shown = p == position ? clicked : fromCategory();
            add(EventType.IMPRESSION, shop.assortment().item(shown).itemId(), null, p, 50);
        }
        add(EventType.CLICK, shop.assortment().item(clicked).itemId(), null, position, 4_000);
    }

    private void look(int item) {
        String itemId = shop.assortment().item(item).itemId();
        add(EventType.VIEW, itemId, null, null, 2_000);
        clock += random.nextInt(60_000);
        if (random.nextDouble() < 0.06) {
            add(EventType.FAVOURITE, itemId, null, null, 3_000);
        }
        if (random.nextDouble() < (buying ? 0.3 : 0.05)) {
            add(EventType.CART, itemId, null, null, 5_000);
            if (random.nextDouble() < (buying ? 0.5 : 0.15)) {
                add(EventType.PURCHASE, itemId, null, null, 90_000);
            }
        }
    }

    private int next(int before) {
        if (before >= 0) {
            double u = random.nextDouble();
            if (u < TO_A_COMPANION) {
                int[] companions = shop.assortment().item(before).companions();
                int companion = companions[random.nextInt(companions.length)];
                if (shop.isListed(companion)) {
                    leaf = shop.assortment().item(companion).leaf();
                    return companion;
                }
            } else if (u < TO_A_COMPANION + TO_ANOTHER_CATEGORY) {
                leaf = customer.leaf(day, shop.assortment(), random);
            }
        }
        int hit = shop.assortment().hitOfTheDay(leaf, day);
        return random.nextDouble() < TO_THE_HIT && shop.isListed(hit) ? hit : fromCategory();
    }

    private int fromCategory() {
        DiscreteSampler items = shop.items(leaf);
        String brand = customer.brand(leaf, shop.assortment());
        int item = items.sample();
        for (int t = 0;
                t < TRIES_FOR_THE_BRAND && !shop.assortment().item(item).brand().equals(brand);
                t++) {
            item = items.sample();
        }
        for (int t = 0; t < TRIES_FOR_A_LISTED_ITEM && !shop.isListed(item); t++) {
            item = items.sample();
        }
        return item;
    }

    private void add(
            EventType type,
            @Nullable String itemId,
            @Nullable String query,
            @Nullable Integer position,
            int pauseMillis) {
        events.add(BehaviourEvent.newBuilder()
                .setEventId("")
                .setUserId(customer.userId())
                .setSessionId(sessionId)
                .setType(type)
                .setItemId(itemId)
                .setQuery(query)
                .setPosition(position)
                .setEventTime(clock)
                .build());
        clock += 1 + random.nextInt(pauseMillis);
    }
}
