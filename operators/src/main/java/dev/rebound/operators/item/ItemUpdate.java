package dev.rebound.operators.item;

import org.jspecify.annotations.Nullable;

/**
 * What the item stage sends to whoever needs every item: the newest state of one, a user's session so far, what users take
 * after a query, and the end of a first full sending.
 */
public final class ItemUpdate {
    /** Which of them it is. */
    public enum Kind {
        ITEM,
        SESSION,
        /** What users take after a query. */
        QUERY,
        /** The subtask has sent all that it held when it started. */
        COMPLETE
    }

    public Kind kind = Kind.ITEM;
    /** ITEM. */
    public long itemKey;
    /** ITEM: only items that the catalog has named. */
    public @Nullable ItemState item;
    /** SESSION. */
    public long sessionKey;
    /** SESSION: items in the order in which they came. */
    public long @Nullable [] sessionItems;
    /** QUERY: a {@link QueryKey}. */
    public long queryKey;
    /** QUERY: what was taken. */
    public @Nullable Neighbours queryItems;
    /** COMPLETE: which subtask. */
    public int subtask;
    /** COMPLETE: of how many. */
    public int subtasks;

    /** The mark of a first full sending. */
    public static ItemUpdate complete(int subtask, int subtasks) {
        ItemUpdate update = new ItemUpdate();
        update.kind = Kind.COMPLETE;
        update.subtask = subtask;
        update.subtasks = subtasks;
        return update;
    }
}
