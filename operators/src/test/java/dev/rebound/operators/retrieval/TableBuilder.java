package dev.rebound.operators.retrieval;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import java.util.stream.LongStream;

/** Fills an item table for tests: {@code item("a").in("lamps").popular(5).leadingTo("b", 2).put()}. */
public final class TableBuilder {
    private final ItemTable table = new ItemTable();
    private final PopularItems popular = new PopularItems();

    public ItemBuilder item(String itemId) {
        return new ItemBuilder(itemId);
    }

    public ItemTable table() {
        return table;
    }

    /** The lists of what was put. */
    public PopularItems popular() {
        popular.make(table);
        return popular;
    }

    /** An item under construction: offered, of no category, not popular. */
    public final class ItemBuilder {
        private final String itemId;
        private final ItemState state = new ItemState();
        private String category;
        private String brand;
        private long priceMinor;
        private boolean offered = true;
        private int[] terms = {};
        private long[] numbers = {};

        private ItemBuilder(String itemId) {
            this.itemId = itemId;
            state.firstSeenMillis = Signals.START;
            state.newestMillis = Signals.START;
        }

        public ItemBuilder in(String name) {
            category = name;
            return this;
        }

        public ItemBuilder of(String name) {
            brand = name;
            return this;
        }

        public ItemBuilder costing(long minor) {
            priceMinor = minor;
            return this;
        }

        public ItemBuilder popular(double weight) {
            state.popularity =
                    DecayedSum.add(DecayedSum.EMPTY, weight, Signals.START, ItemFeatures.POPULARITY_HALF_LIFE_MILLIS);
            return this;
        }

        public ItemBuilder firstSeen(long millis) {
            state.firstSeenMillis = millis;
            return this;
        }

        public ItemBuilder leadingTo(String other, float weight) {
            state.neighbours.add(ItemKey.of(other), weight, Signals.START, ItemFeatures.RATE_HALF_LIFE_MILLIS);
            return this;
        }

        public ItemBuilder about(int... hashes) {
            terms = hashes;
            return this;
        }

        /** A numeric attribute of this name hash. */
        public ItemBuilder with(int name, float value) {
            numbers = LongStream.concat(
                            LongStream.of(numbers),
                            LongStream.of(((long) name << 32) | (Float.floatToRawIntBits(value) & 0xFFFF_FFFFL)))
                    .toArray();
            return this;
        }

        public ItemBuilder notOffered() {
            offered = false;
            return this;
        }

        public TableBuilder put() {
            state.entry = new CatalogEntry(
                    itemId, category, brand, priceMinor, offered, terms, numbers, new float[0], Signals.START);
            table.update(ItemKey.of(itemId), state);
            return TableBuilder.this;
        }
    }
}
