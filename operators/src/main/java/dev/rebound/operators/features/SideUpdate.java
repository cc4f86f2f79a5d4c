package dev.rebound.operators.features;

import dev.rebound.schemas.ModelRelease;
import org.jspecify.annotations.Nullable;

/**
 * What is broadcast to every scoring task: the newest state of an item or campaign, a user's session so far, what users
 * take after a query, the end of a first full sending, a release.
 */
public final class SideUpdate {
    /** Which of them it is. */
    public enum Kind {
        ITEM,
        /** The item stage's subtask has sent all that it held when it started. */
        COMPLETE,
        RELEASE,
        SESSION,
        /** A campaign as it is from now on. */
        CAMPAIGN,
        /** How a campaign's budget stands. */
        CAMPAIGN_SPENDING,
        /** The campaign stage's subtask has sent all that it held when it started. */
        CAMPAIGNS_COMPLETE,
        /** What users take after a query. */
        QUERY
    }

    public Kind kind = Kind.ITEM;
    /** ITEM: of the item; CAMPAIGN and CAMPAIGN_SPENDING: of the campaign. */
    public long itemKey;
    /** ITEM: only items that the catalog has named. */
    public @Nullable ItemState item;
    /** COMPLETE and CAMPAIGNS_COMPLETE: which subtask. */
    public int subtask;
    /** COMPLETE and CAMPAIGNS_COMPLETE: of how many. */
    public int subtasks;
    /** SESSION. */
    public long sessionKey;
    /** SESSION: items in the order in which they came. */
    public long @Nullable [] sessionItems;
    /** QUERY: a {@link QueryKey}. */
    public long queryKey;
    /** QUERY: what was taken. */
    public @Nullable Neighbours queryItems;
    /** RELEASE. */
    public @Nullable ModelRelease release;
    /** CAMPAIGN: null where it is over. */
    public @Nullable CampaignEntry campaign;
    /** CAMPAIGN and CAMPAIGN_SPENDING: whether its budget has no room for one more redemption. */
    public boolean spent;

    public static SideUpdate ofRelease(ModelRelease release) {
        SideUpdate update = new SideUpdate();
        update.kind = Kind.RELEASE;
        update.release = release;
        return update;
    }

    /** The mark of a first full sending. */
    public static SideUpdate complete(Kind kind, int subtask, int subtasks) {
        SideUpdate update = new SideUpdate();
        update.kind = kind;
        update.subtask = subtask;
        update.subtasks = subtasks;
        return update;
    }
}
