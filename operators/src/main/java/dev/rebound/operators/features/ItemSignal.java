package dev.rebound.operators.features;

import org.jspecify.annotations.Nullable;

/** What reaches the item stage, keyed by item: an interaction, a transition to another item, or a catalog change. */
public final class ItemSignal {
    /** Which of them it is. */
    public enum Kind {
        INTERACTION,
        TRANSITION,
        CATALOG
    }

    public Kind kind = Kind.INTERACTION;
    public long itemKey;
    /** INTERACTION: EventType ordinal. */
    public int type;
    /** INTERACTION and TRANSITION: event time, milliseconds. */
    public long timeMillis;
    /** TRANSITION: where the user went. */
    public long toItemKey;
    /** TRANSITION: how much it counts, above 0. */
    public float weight;
    /** CATALOG: the item now. */
    public @Nullable CatalogEntry entry;
}
