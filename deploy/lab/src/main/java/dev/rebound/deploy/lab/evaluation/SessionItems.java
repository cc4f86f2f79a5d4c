package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.UserFeatures;

/** The items of a user's newest session, newest first. */
record SessionItems(RecentItems recent, int size) {
    static SessionItems of(RecentItems recent) {
        int size = Math.min(1, recent.size());
        while (size < recent.size()
                && recent.timeMillis(size - 1) - recent.timeMillis(size) <= UserFeatures.SESSION_GAP_MILLIS) {
            size++;
        }
        return new SessionItems(recent, size);
    }

    long itemKey(int n) {
        return recent.itemKey(n);
    }
}
