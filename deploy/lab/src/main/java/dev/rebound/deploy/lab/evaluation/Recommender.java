package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.RecentItems;

/** Something that predicts a user's next item. Owned by one thread. */
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
     * Recommends to the user of each task, in whatever order.
     *
     * @param tasks the users and what is known of them; the recommender keeps none
     * @param out receives for each task item keys, the best first, 0 after the last
     */
    void recommend(TaskBatch tasks, long[][] out);
}
