package dev.rebound.operators.item;

/** Receives what a user's event means for items. */
public interface ItemSignalCollector {
    /** A user did something with an item: {@code type} is an EventType ordinal. */
    void interaction(long itemKey, int type, long timeMillis);

    /** A user went from one item to another in one session. */
    void transition(long fromItemKey, long toItemKey, float weight, long timeMillis);

    /** A user took an item after a search: {@code queryKey} is a {@link QueryKey} of all its words or of one. */
    void queryChoice(long queryKey, long itemKey, float weight, long timeMillis);
}
