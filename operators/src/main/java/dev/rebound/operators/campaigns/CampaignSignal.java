package dev.rebound.operators.campaigns;

import org.jspecify.annotations.Nullable;

/** What reaches the campaign stage, keyed by campaign: what the shop says of one, or what a user did with it. */
public final class CampaignSignal {
    /** Which of them it is. */
    public enum Kind {
        /** The campaign as it is from now on. */
        DEFINED,
        /** It is over, whatever its window says. */
        ENDED,
        /** A user made use of it. */
        REDEEMED
    }

    /** The event does not say what a redemption cost. */
    public static final long UNKNOWN_COST = -1;

    public Kind kind = Kind.DEFINED;
    public long campaignKey;
    /** DEFINED. */
    public @Nullable CampaignEntry entry;
    /** REDEEMED: in the currency's minor unit, or {@link #UNKNOWN_COST}. */
    public long costMinor = UNKNOWN_COST;
}
