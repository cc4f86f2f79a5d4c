package dev.rebound.operators.evaluation;

import dev.rebound.operators.features.RecentItems;

/** Something that foresees a user's next item. Owned by one thread. */
public interface Recommender {
    /** As in the table of results. */
    String name();

    /**
     * Learns an event; nothing where the pipeline learns for it.
     *
     * @param before the user's items before the event
     * @param sameSession whether the newest of them belongs to the session of the event
     */
    default void learn(String userId, RecentItems before, boolean sameSession, long itemKey) {}

    /**
     * Recommends to each of the moments, in whatever order.
     *
     * @param moments the users and what is known of them; the recommender keeps none
     * @param out receives for each moment item keys, the best first, 0 after the last
     */
    void recommend(Moments moments, long[][] out);
}
