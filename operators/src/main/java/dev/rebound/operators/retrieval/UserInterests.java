package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a user's recent interactions say of categories, brands and price, at a moment. Derived, not stored: the item
 * table knows the categories. Mutable, used again for the next user; lookups by index are array reads.
 */
public final class UserInterests {
    private static final double DECAY_PER_MILLI =
            Math.log(2) / Duration.ofDays(7).toMillis();

    private final int[] categories = new int[RecentItems.CAPACITY];
    private final int[] brands = new int[RecentItems.CAPACITY];
    private int categoryCount;
    private int brandCount;
    private float[] categoryShare = new float[64];
    private float[] brandShare = new float[64];
    private float meanLogPrice;

    /** Computes the interests of a user's recent items. */
    public void compute(RecentItems recent, RecentSlots slots, ItemTable table, long nowMillis) {
        clear(table);
        float total = 0;
        float logPrices = 0;
        int priced = 0;
        for (int n = 0; n < recent.size(); n++) {
            int slot = slots.slot(n);
            Item item = slot == RecentSlots.NONE ? null : table.item(slot);
            if (item == null) {
                continue;
            }
            double age = Math.max(0, nowMillis - recent.timeMillis(n));
            float weight = Interaction.weight(recent.type(n)) * (float) Math.exp(-age * DECAY_PER_MILLI);
            total += weight;
            categoryCount = add(item.category, weight, categories, categoryCount, categoryShare);
            brandCount = add(item.brand, weight, brands, brandCount, brandShare);
            if (item.priceMinor > 0) {
                logPrices += item.logPrice;
                priced++;
            }
        }
        meanLogPrice = priced == 0 ? Float.NaN : logPrices / priced;
        normalise(categories, categoryCount, categoryShare, total);
        normalise(brands, brandCount, brandShare, total);
    }

    private void clear(ItemTable table) {
        for (int i = 0; i < categoryCount; i++) {
            categoryShare[categories[i]] = 0;
        }
        for (int i = 0; i < brandCount; i++) {
            brandShare[brands[i]] = 0;
        }
        categoryCount = 0;
        brandCount = 0;
        if (categoryShare.length < table.categoryCount()) {
            categoryShare = Arrays.copyOf(categoryShare, table.categoryCount() * 2);
        }
        if (brandShare.length < table.brandCount()) {
            brandShare = Arrays.copyOf(brandShare, table.brandCount() * 2);
        }
    }

    private static int add(int index, float weight, int[] indexes, int count, float[] shares) {
        if (index == ItemTable.NO_INDEX || weight == 0) {
            return count;
        }
        boolean isNew = shares[index] == 0;
        shares[index] += weight;
        if (isNew) {
            indexes[count] = index;
            return count + 1;
        }
        return count;
    }

    private static void normalise(int[] indexes, int count, float[] shares, float total) {
        for (int i = 0; i < count; i++) {
            shares[indexes[i]] /= total;
        }
        for (int i = 1; i < count; i++) {
            int index = indexes[i];
            int at = i;
            while (at > 0 && shares[indexes[at - 1]] < shares[index]) {
                indexes[at] = indexes[at - 1];
                at--;
            }
            indexes[at] = index;
        }
    }

    /** Categories of interest. */
    public int categoryCount() {
        return categoryCount;
    }

    /** The n-th strongest category. */
    public int category(int n) {
        return categories[n];
    }

    /** Share of interest in a category, 0 to 1. */
    public float categoryShare(int category) {
        return category < categoryShare.length ? categoryShare[category] : 0;
    }

    /** Brands of interest. */
    public int brandCount() {
        return brandCount;
    }

    /** The n-th strongest brand. */
    public int brand(int n) {
        return brands[n];
    }

    /** Share of interest in a brand, 0 to 1. */
    public float brandShare(int brand) {
        return brand < brandShare.length ? brandShare[brand] : 0;
    }

    /** Mean natural logarithm of recent items' prices; NaN where none is known. */
    public float meanLogPrice() {
        return meanLogPrice;
    }
}
