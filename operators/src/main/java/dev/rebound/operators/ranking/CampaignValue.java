package dev.rebound.operators.ranking;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.retrieval.CampaignScopes;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.util.Arrays;

/**
 * What campaigns are worth to a user: the probability that the user's next purchase is in the scope, times what it then
 * saves. The probability is the user's own history, smoothed with what all users buy of the user's categories, and that
 * with what all users buy: Dirichlet smoothing (Zhai, Lafferty, "A Study of Smoothing Methods for Language Models", SIGIR
 * 2001) on two levels. Costs one step a campaign, and one for each that covers one of the user's items or categories.
 * Owned by one thread; allocates nothing a user.
 */
public final class CampaignValue {
    /** How many purchases of one's own weigh as much as what others buy of one's categories. */
    private static final float CATEGORY_WEIGHT = 10;

    /** How many purchases of one's own weigh as much as the tastes of all users. */
    private static final float EVERYBODY_WEIGHT = 30;

    /** Half-life of an interaction: groceries come back for months. */
    private static final double DECAY_PER_MILLI =
            Math.log(2) / Duration.ofDays(90).toMillis();

    private final ItemTable table;
    private final float purchaseWeight = Interaction.weight(EventType.PURCHASE.ordinal());
    private final int[] categories = new int[RecentItems.CAPACITY];
    private float[] byCategory = new float[64];
    private float[] values = {};

    public CampaignValue(ItemTable table) {
        this.table = table;
    }

    /**
     * Values all campaigns.
     *
     * @param slots of the same recent items
     * @return by campaign index, at least 0; overwritten by the next call
     */
    public float[] of(RecentItems recent, RecentSlots slots, CampaignScopes scopes, long nowMillis) {
        if (values.length < scopes.size()) {
            values = new float[scopes.size() * 2];
        }
        if (byCategory.length < table.categoryCount()) {
            byCategory = new float[table.categoryCount() * 2];
        }
        Arrays.fill(values, 0, scopes.size(), 0);
        float own = 0;
        int categoryCount = 0;
        for (int n = 0; n < recent.size(); n++) {
            Item item = slots.slot(n) == RecentSlots.NONE ? null : table.item(slots.slot(n));
            if (item == null) {
                continue;
            }
            float weight = weight(recent, n, nowMillis);
            own += weight;
            scopes.addCovering(slots.slot(n), item.category, weight, values);
            if (byCategory[item.category] == 0) {
                categories[categoryCount++] = item.category;
            }
            byCategory[item.category] += weight;
        }
        for (int i = 0; i < categoryCount; i++) {
            float weight = CATEGORY_WEIGHT * byCategory[categories[i]] / (own + EVERYBODY_WEIGHT);
            scopes.addCategory(categories[i], weight, values);
            byCategory[categories[i]] = 0;
        }
        finish(scopes, own);
        return values;
    }

    private float weight(RecentItems recent, int n, long nowMillis) {
        double ageMillis = Math.max(0, nowMillis - recent.timeMillis(n));
        return Interaction.weight(recent.type(n)) / purchaseWeight * (float) Math.exp(-ageMillis * DECAY_PER_MILLI);
    }

    private void finish(CampaignScopes scopes, float own) {
        float everybody = CATEGORY_WEIGHT * EVERYBODY_WEIGHT / (own + EVERYBODY_WEIGHT);
        for (int index = 0; index < scopes.size(); index++) {
            float covered = values[index] + everybody * scopes.shareOfDemand(index);
            float probability = scopes.isEverything(index) ? 1 : covered / (own + CATEGORY_WEIGHT);
            values[index] = probability * (1 + scopes.saving(index));
        }
    }
}
