package dev.rebound.operators.features;

import org.jspecify.annotations.Nullable;

/** Everything that is kept of a campaign, one value: its entry, 8 bytes an item of its scope, and what was spent. */
public final class CampaignState {
    /** Null while only events have named the campaign. */
    public @Nullable CampaignEntry entry;
    /** Cost of all redemptions, in the currency's minor unit. */
    public long spentMinor;

    public long redemptions;

    /** Of those redemptions, how many came without a cost before the entry was known: they cost what it will say. */
    public long unpriced;

    /** Applies a signal to its campaign; not ENDED, which drops the state. */
    public void apply(CampaignSignal signal) {
        switch (signal.kind) {
            case DEFINED -> {
                entry = signal.entry;
                spentMinor += unpriced * signal.entry.discountMinor();
                unpriced = 0;
            }
            case REDEEMED -> {
                redemptions++;
                if (signal.costMinor != CampaignSignal.UNKNOWN_COST) {
                    spentMinor += signal.costMinor;
                } else if (entry == null) {
                    unpriced++;
                } else {
                    spentMinor += entry.discountMinor();
                }
            }
            case ENDED -> throw new IllegalArgumentException("An ended campaign has no state");
        }
    }

    /** Whether the budget has no room for one more redemption. */
    public boolean isSpent() {
        return entry != null
                && entry.budgetMinor() != CampaignEntry.UNLIMITED
                && spentMinor + Math.max(1, entry.discountMinor()) > entry.budgetMinor();
    }
}
