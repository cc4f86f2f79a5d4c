package dev.rebound.operators.campaigns;

import org.jspecify.annotations.Nullable;

/**
 * What the campaign stage sends to whoever needs every campaign: one as it is from now on, how its budget stands, and the
 * end of a first full sending.
 */
public final class CampaignUpdate {
    /** Which of them it is. */
    public enum Kind {
        /** The campaign as it is from now on. */
        CAMPAIGN,
        /** How its budget stands. */
        SPENDING,
        /** The subtask has sent all that it held when it started. */
        COMPLETE
    }

    public Kind kind = Kind.CAMPAIGN;
    /** CAMPAIGN and SPENDING. */
    public long campaignKey;
    /** CAMPAIGN: null where it is over. */
    public @Nullable CampaignEntry entry;
    /** CAMPAIGN and SPENDING: whether its budget has no room for one more redemption. */
    public boolean spent;
    /** COMPLETE: which subtask. */
    public int subtask;
    /** COMPLETE: of how many. */
    public int subtasks;

    /** The mark of a first full sending. */
    public static CampaignUpdate complete(int subtask, int subtasks) {
        CampaignUpdate update = new CampaignUpdate();
        update.kind = Kind.COMPLETE;
        update.subtask = subtask;
        update.subtasks = subtasks;
        return update;
    }
}
