package dev.rebound.operators.retrieval;

import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import java.util.Arrays;

/**
 * The means of a user's recent items in each numeric attribute, and how far from them an item is. Mutable, used again for
 * the next user; allocates nothing a user; owned by one thread.
 */
public final class NumberProfile {
    private static final int RECENT_ITEMS = 20;

    private final NumberScales scales;
    private final float[] means = new float[NumberScales.MOST];
    private final int[] counts = new int[NumberScales.MOST];

    public NumberProfile(ItemTable table) {
        this.scales = table.numbers();
    }

    /** Makes this the means of the user's latest items. */
    public void of(RecentItems recent, RecentSlots slots, ItemTable table) {
        Arrays.fill(means, 0);
        Arrays.fill(counts, 0);
        for (int n = 0; n < Math.min(RECENT_ITEMS, recent.size()); n++) {
            Item item = slots.slot(n) == RecentSlots.NONE ? null : table.item(slots.slot(n));
            if (item != null) {
                add(item.numbers);
            }
        }
        for (int index = 0; index < means.length; index++) {
            means[index] /= counts[index];
        }
    }

    private void add(float[] numbers) {
        for (int index = 0; index < numbers.length; index++) {
            if (!Float.isNaN(numbers[index])) {
                means[index] += numbers[index];
                counts[index]++;
            }
        }
    }

    /** The mean distance in standard deviations, over the attributes that are known of both; 0 where none is. */
    public float gap(Item item) {
        float sum = 0;
        int known = 0;
        for (int index = 0; index < item.numbers.length; index++) {
            float off = item.numbers[index] - means[index];
            if (!Float.isNaN(off)) {
                sum += Math.abs(off) * scales.scale(index);
                known++;
            }
        }
        return known == 0 ? 0 : sum / known;
    }
}
