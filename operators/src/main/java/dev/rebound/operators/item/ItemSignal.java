package dev.rebound.operators.item;

import org.jspecify.annotations.Nullable;

/**
 * What reaches the item stage, keyed by item: an interaction, a transition to another item, a catalog change; keyed
 * by session, the items of a session so far; or keyed by query, what a user took after it.
 */
public final class ItemSignal {
    /** Which of them it is. */
    public enum Kind {
        INTERACTION,
        TRANSITION,
        CATALOG,
        SESSION,
        QUERY
    }

    public Kind kind = Kind.INTERACTION;
    /** The key: of the item, or for SESSION of the session, or for QUERY a {@link QueryKey}. */
    public long itemKey;
    /** INTERACTION: EventType ordinal. */
    public int type;
    /** INTERACTION, TRANSITION and QUERY: event time, milliseconds. */
    public long timeMillis;
    /** TRANSITION: where the user went; QUERY: what the user took. */
    public long toItemKey;
    /** TRANSITION and QUERY: how much it counts, above 0. */
    public float weight;
    /** CATALOG: the item now. */
    public @Nullable CatalogEntry entry;
    /** SESSION: items in the order in which they came. */
    public long @Nullable [] sessionItems;

    /** Makes this an interaction. */
    public ItemSignal interaction(long ofItemKey, int eventType, long atMillis) {
        kind = Kind.INTERACTION;
        itemKey = ofItemKey;
        type = eventType;
        timeMillis = atMillis;
        return this;
    }

    /** Makes this a transition. */
    public ItemSignal transition(long fromItemKey, long towards, float counting, long atMillis) {
        kind = Kind.TRANSITION;
        itemKey = fromItemKey;
        toItemKey = towards;
        weight = counting;
        timeMillis = atMillis;
        return this;
    }

    /** Makes this what a user took after a query. */
    public ItemSignal queryChoice(long queryKey, long ofItemKey, float counting, long atMillis) {
        transition(queryKey, ofItemKey, counting, atMillis);
        kind = Kind.QUERY;
        return this;
    }
}
