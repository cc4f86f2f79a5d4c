package dev.rebound.operators.campaigns;

import org.apache.flink.util.Preconditions;
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
                CampaignEntry defined = Preconditions.checkNotNull(signal.entry);
                entry = defined;
                spend(saturated(unpriced, defined.discountMinor()));
                unpriced = 0;
            }
            case REDEEMED -> {
                redemptions++;
                if (signal.costMinor != CampaignSignal.UNKNOWN_COST) {
                    spend(signal.costMinor);
                } else if (entry == null) {
                    unpriced++;
                } else {
                    spend(entry.discountMinor());
                }
            }
            case ENDED -> throw new IllegalArgumentException("An ended campaign has no state");
        }
    }

    /** Whether the budget has no room for one more redemption. */
    public boolean isSpent() {
        return entry != null
                && entry.budgetMinor() != CampaignEntry.UNLIMITED
                && entry.budgetMinor() - spentMinor < Math.max(1, entry.discountMinor());
    }

    /** What is beyond all numbers is spent all the same: a sum that wrapped round would be a budget without end. */
    private void spend(long costMinor) {
        long sum = spentMinor + costMinor;
        spentMinor = sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long saturated(long times, long minor) {
        return Math.multiplyHigh(times, minor) != 0 || times * minor < 0 ? Long.MAX_VALUE : times * minor;
    }
}
