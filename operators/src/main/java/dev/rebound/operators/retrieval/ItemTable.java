package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.Neighbours;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every item as the scoring task sees it, held on the heap and never checkpointed: the item stage sends it again after a
 * restore. Items have dense slots from 0, so that scratch space is arrays. While the table is filled, neighbours, queries
 * and sessions may name items whose entries are still to come: these have a slot and no entry. Once all have come
 * ({@link #hasAll}), only the catalog names new ones: else each id that a robot makes up would keep a slot until the next
 * start.
 */
public final class ItemTable {
    /** Category or brand index of an item without one. */
    public static final int NO_INDEX = 0;

    /** The slot of an item that the table does not know. */
    public static final int NO_SLOT = -1;

    /** State of older jobs may hold longer names; they are repeated in each reason of each item that is shown. */
    private static final int LONGEST_NAME = 256;

    private static final double RATE_PRIOR_WEIGHT = 20;
    private static final double ACTION_PRIOR = 0.1;
    private static final double CONVERSION_PRIOR = 0.05;

    private final Long2IntOpenHashMap slots = new Long2IntOpenHashMap();
    private final Object2IntOpenHashMap<String> categories = new Object2IntOpenHashMap<>();
    private final Object2IntOpenHashMap<String> brands = new Object2IntOpenHashMap<>();
    private final TermWeights terms = new TermWeights();
    private final TermPostings postings = new TermPostings();
    private final QueryChoices choices = new QueryChoices();
    private final NumberScales numbers = new NumberScales();
    private @Nullable Item[] items = new Item[1024];
    private String[] categoryNames = {""};
    private String[] brandNames = {""};
    private long version;
    private boolean hasAll;

    public ItemTable() {
        slots.defaultReturnValue(NO_SLOT);
    }

    /** One item, replaced as a whole with each update. */
    public static final class Item {
        public final String itemId;
        public final long itemKey;
        public final boolean offered;
        public final int category;
        public final int brand;
        public final long priceMinor;
        /** Natural logarithm of the price; NaN where it is unknown. */
        public final float logPrice;

        public final long firstSeenMillis;
        /** {@link DecayedSum} with the half-life of popularity. */
        public final double popularity;

        public final float actionRate;
        public final float conversionRate;
        /** Slots of the items that users go to from this one, the likeliest first. */
        public final int[] neighbours;
        /** Their shares of all transitions from this one, in (0, 1]. */
        public final float[] neighbourShares;
        /** What it is about, by {@link ItemTable#terms}. */
        public final int[] terms;
        /** Its numeric attributes, by {@link ItemTable#numbers}. */
        public final float[] numbers;
        /** What the shop's own model makes of its content; empty for nothing. */
        public final float[] embedding;

        private Item(
                long itemKey,
                CatalogEntry entry,
                ItemState state,
                int category,
                int brand,
                int[] terms,
                float[] numbers,
                float[] embedding,
                int[] slots,
                float[] w) {
            this.itemId = entry.itemId();
            this.itemKey = itemKey;
            this.offered = entry.offered();
            this.category = category;
            this.brand = brand;
            this.priceMinor = entry.priceMinor();
            this.logPrice = entry.priceMinor() > 0 ? (float) Math.log((double) entry.priceMinor()) : Float.NaN;
            this.firstSeenMillis = state.firstSeenMillis;
            this.popularity = state.popularity;
            this.actionRate = rate(state.actions, state.exposures, ACTION_PRIOR, state);
            this.conversionRate = rate(state.conversions, state.exposures, CONVERSION_PRIOR, state);
            this.neighbours = slots;
            this.neighbourShares = w;
            this.terms = terms;
            this.numbers = numbers;
            this.embedding = embedding;
        }

        /** Both sums at the time of the newest popularity, with a beta prior. */
        private static float rate(double hits, double trials, double prior, ItemState state) {
            double newest = Math.max(hits, trials);
            if (newest == DecayedSum.EMPTY) {
                return (float) prior;
            }
            long at = state.newestMillis;
            double h = DecayedSum.at(hits, at, ItemFeatures.RATE_HALF_LIFE_MILLIS);
            double t = Math.max(h, DecayedSum.at(trials, at, ItemFeatures.RATE_HALF_LIFE_MILLIS));
            return (float) ((h + prior * RATE_PRIOR_WEIGHT) / (t + RATE_PRIOR_WEIGHT));
        }
    }

    /** All items of the catalog have come: from now on no others get a slot. */
    public void hasAll() {
        hasAll = true;
    }

    /** Takes over the newest state of an item that the catalog has named. */
    public void update(long itemKey, ItemState state) {
        CatalogEntry entry = state.entry;
        if (entry == null) {
            throw new IllegalArgumentException("Only items of the catalog are broadcast; " + itemKey + " has no entry");
        }
        int slot = slotOrNew(itemKey);
        int[] heaviestFirst = heaviestFirst(state.neighbours);
        int[] neighbourSlots = slots(state.neighbours, heaviestFirst);
        Item before = items[slot];
        int[] termsBefore = before == null ? null : before.terms;
        int[] termsNow = terms.replace(termsBefore, entry.terms());
        postings.replace(slot, termsBefore, termsNow);
        items[slot] = new Item(
                itemKey,
                entry,
                state,
                index(entry.leafCategory(), categories, true),
                index(entry.brand(), brands, false),
                termsNow,
                numbers.replace(before == null ? null : before.numbers, entry.numbers()),
                before != null && Arrays.equals(before.embedding, entry.embedding())
                        ? before.embedding
                        : entry.embedding(),
                neighbourSlots,
                shares(state.neighbours, heaviestFirst));
        version++;
    }

    /** Takes over what users take after a query. */
    public void updateQuery(long queryKey, Neighbours taken) {
        int[] order = heaviestFirst(taken);
        if (order.length == 0) {
            return;
        }
        choices.put(queryKey, slots(taken, order), shares(taken, order), taken.sum(order[0]));
    }

    private int[] slots(Neighbours neighbours, int[] order) {
        int[] found = new int[order.length];
        for (int n = 0; n < order.length; n++) {
            found[n] = named(neighbours.itemKey(order[n]));
        }
        return found;
    }

    /** Without those that have no slot. */
    private int[] heaviestFirst(Neighbours neighbours) {
        int[] order = new int[neighbours.size()];
        int size = 0;
        for (int n = 0; n < neighbours.size(); n++) {
            if (named(neighbours.itemKey(n)) == NO_SLOT) {
                continue;
            }
            int at = size++;
            while (at > 0 && neighbours.sum(order[at - 1]) < neighbours.sum(n)) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = n;
        }
        return size == order.length ? order : Arrays.copyOf(order, size);
    }

    private static float[] shares(Neighbours neighbours, int[] heaviestFirst) {
        float[] shares = new float[heaviestFirst.length];
        float total = 0;
        for (int n = 0; n < shares.length; n++) {
            shares[n] = (float) Math.pow(2, neighbours.sum(heaviestFirst[n]) - neighbours.sum(heaviestFirst[0]));
            total += shares[n];
        }
        for (int n = 0; n < shares.length; n++) {
            shares[n] /= total;
        }
        return shares;
    }

    /** The slot of an item that something else than the catalog names, or -1 where it has none and gets none any more. */
    public int named(long itemKey) {
        return hasAll ? slots.get(itemKey) : slotOrNew(itemKey);
    }

    /** The slot of an item, a new one where nothing has named the item yet. */
    private int slotOrNew(long itemKey) {
        int slot = slots.get(itemKey);
        if (slot < 0) {
            slot = slots.size();
            slots.put(itemKey, slot);
            if (slot == items.length) {
                items = Arrays.copyOf(items, slot * 2);
            }
        }
        return slot;
    }

    private int index(@Nullable String name, Object2IntOpenHashMap<String> indexes, boolean category) {
        if (name == null || name.isEmpty()) {
            return NO_INDEX;
        }
        if (name.length() > LONGEST_NAME) {
            return index(name.substring(0, LONGEST_NAME), indexes, category);
        }
        int known = indexes.getInt(name);
        if (known != NO_INDEX) {
            return known;
        }
        int index = indexes.size() + 1;
        indexes.put(name, index);
        if (category) {
            categoryNames = append(categoryNames, index, name);
        } else {
            brandNames = append(brandNames, index, name);
        }
        return index;
    }

    private static String[] append(String[] names, int index, String name) {
        String[] grown = index < names.length ? names : Arrays.copyOf(names, names.length * 2);
        grown[index] = name;
        return grown;
    }

    /** The slot of an item, or -1. */
    public int slot(long itemKey) {
        return slots.get(itemKey);
    }

    /** The item in a slot; null where the catalog has not named it. */
    public @Nullable Item item(int slot) {
        return items[slot];
    }

    /** The item in the slot of a candidate, which the catalog has named. */
    public Item candidate(int slot) {
        Item item = items[slot];
        if (item == null) {
            throw new IllegalArgumentException("Slot " + slot + " is no candidate: the catalog has not named its item");
        }
        return item;
    }

    /** The item of a key; null where the catalog has not named it. */
    public @Nullable Item byKey(long itemKey) {
        int slot = slots.get(itemKey);
        return slot < 0 ? null : items[slot];
    }

    /** Weights of the terms that items are about. */
    public TermWeights terms() {
        return terms;
    }

    /** The items of each term. */
    TermPostings postings() {
        return postings;
    }

    /** What users take after queries. */
    QueryChoices choices() {
        return choices;
    }

    /** Scales of the numeric attributes. */
    public NumberScales numbers() {
        return numbers;
    }

    /** Slots in use. */
    public int size() {
        return slots.size();
    }

    /** Category indexes in use, {@link #NO_INDEX} included. */
    public int categoryCount() {
        return categories.size() + 1;
    }

    /** Brand indexes in use, {@link #NO_INDEX} included. */
    public int brandCount() {
        return brands.size() + 1;
    }

    /** The index of a leaf category, or {@link #NO_INDEX}. */
    public int category(String name) {
        return categories.getInt(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name);
    }

    public String categoryName(int category) {
        return categoryNames[category];
    }

    public String brandName(int brand) {
        return brandNames[brand];
    }

    /** Rises with every update. */
    public long version() {
        return version;
    }
}
