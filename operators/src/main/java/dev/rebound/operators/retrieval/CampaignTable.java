package dev.rebound.operators.retrieval;

import dev.rebound.operators.campaigns.CampaignEntry;
import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Every campaign as the scoring task sees it, held on the heap and never checkpointed: the campaign stage sends it again
 * after a restore. About 200 bytes a campaign and 24 an item of its scope: 1,000 campaigns of 1,000 items are 24 MB.
 */
public final class CampaignTable {
    /** Least time between two makings of the scopes because of items, for a table without campaigns. */
    private static final long LEAST_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    /** And more for each item of a scope: making takes up to half a microsecond for it, so that it is 1 % of the time. */
    private static final long INTERVAL_NANOS_PER_ITEM = 50_000;

    private final Long2ObjectLinkedOpenHashMap<Campaign> campaigns = new Long2ObjectLinkedOpenHashMap<>();
    private CampaignScopes scopes = CampaignScopes.NONE;
    private boolean changed;
    private long madeOfItems = -1;
    private long notBeforeNanos;

    /** One campaign, and how it stands with the budget and with exposure. */
    public static final class Campaign {
        public final long key;
        public final CampaignEntry entry;
        /** Whether the budget has no room for one more redemption. */
        public boolean spent;
        /** How many showings it lacks to the exposure that it should have; below 0 where it had more. */
        public double owedExposure;

        private Campaign(long key, CampaignEntry entry) {
            this.key = key;
            this.entry = entry;
        }
    }

    /** Takes over a campaign as it is from now on; null where it is over. */
    public void update(long campaignKey, @Nullable CampaignEntry entry, boolean spent) {
        changed = true;
        if (entry == null) {
            campaigns.remove(campaignKey);
            return;
        }
        Campaign campaign = new Campaign(campaignKey, entry);
        campaign.spent = spent;
        Campaign before = campaigns.put(campaignKey, campaign);
        if (before != null) {
            campaign.owedExposure = before.owedExposure;
        }
    }

    /** Notes how a campaign's budget stands. */
    public void spending(long campaignKey, boolean spent) {
        Campaign campaign = campaigns.get(campaignKey);
        if (campaign != null) {
            campaign.spent = spent;
        }
    }

    private long itemsInScopes() {
        return campaigns.values().stream()
                .mapToLong(campaign -> campaign.entry.itemKeys().length)
                .sum();
    }

    /** The scopes of all campaigns now; what items are worth in them may be ten seconds old, and 50 more a million items in scopes. */
    public CampaignScopes scopes(ItemTable items, long nowNanos) {
        boolean itemsChanged = madeOfItems != items.version() && nowNanos - notBeforeNanos >= 0;
        if (changed || madeOfItems < 0 || itemsChanged) {
            scopes = CampaignScopes.of(campaigns.values().toArray(Campaign[]::new), items);
            changed = false;
            madeOfItems = items.version();
            notBeforeNanos = nowNanos + LEAST_INTERVAL_NANOS + INTERVAL_NANOS_PER_ITEM * itemsInScopes();
        }
        return scopes;
    }
}
