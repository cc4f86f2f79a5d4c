package dev.rebound.operators.features;

import dev.rebound.schemas.ModelRelease;
import org.jspecify.annotations.Nullable;

/**
 * What is broadcast to every scoring task: the newest state of an item, a user's session so far, what users take after a
 * query, the end of a first full
 * sending, a release.
 */
public final class SideUpdate {
    /** Which of them it is. */
    public enum Kind {
        ITEM,
        /** The item stage's subtask has sent all that it held when it started. */
        COMPLETE,
        RELEASE,
        SESSION,
        QUERY
    }

    public Kind kind = Kind.ITEM;
    /** ITEM. */
    public long itemKey;
    /** ITEM: only items that the catalog has named. */
    public @Nullable ItemState item;
    /** COMPLETE: which subtask. */
    public int subtask;
    /** COMPLETE: of how many. */
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

    public static SideUpdate ofRelease(ModelRelease release) {
        SideUpdate update = new SideUpdate();
        update.kind = Kind.RELEASE;
        update.release = release;
        return update;
    }
}
