package dev.rebound.operators.retrieval;

/**
 * Scores items by the sessions of others that are like the user's latest items: a session counts by the items that it
 * shares, newer ones more, and its items count by their distance to the shared ones (after STAN: Garg, Gupta, Malhotra,
 * Vig, Shroff, "Sequence and Time Aware Neighborhood", SIGIR 2019). Allocates nothing a user; owned by one thread.
 */
public final class SessionNeighbours {
    private static final int QUERY = 12;
    private static final int SAMPLE = 600;
    private static final int NEIGHBOURS = 150;

    /** Decay of an item of the user by each newer one. */
    private static final float QUERY_DECAY = 0.75f;

    private static final float[] BY_DISTANCE = new float[SessionIndex.SESSION_LENGTH + 1];

    static {
        for (int distance = 0; distance < BY_DISTANCE.length; distance++) {
            BY_DISTANCE[distance] = (float) Math.exp(-distance / 3.0);
        }
    }

    private final SessionIndex index;
    private final int[] found = new int[SAMPLE];
    private final ScoreOrder order = new ScoreOrder(SAMPLE);
    private float[] weights = new float[1024];
    private float[] scores = new float[1024];
    private int[] touched = new int[1024];
    private int touchedCount;

    public SessionNeighbours(SessionIndex index) {
        this.index = index;
    }

    /**
     * Scores for one user; what it scored for the last one is forgotten.
     *
     * @param slots of the user's items, newest first
     * @param ownSession key of the user's current session, which is no neighbour
     * @param tableSize slots are below
     */
    public void score(RecentSlots slots, long ownSession, int tableSize) {
        forget(tableSize);
        index.beginSearch();
        int query = Math.min(QUERY, slots.size());
        int count = 0;
        float weight = 1;
        for (int n = 0; n < query; n++) {
            int slot = slots.slot(n);
            if (slot != RecentSlots.NONE && weights[slot] == 0) {
                weights[slot] = weight;
                count = index.find(slot, found, count);
            }
            weight *= QUERY_DECAY;
        }
        int similar = mostSimilar(count, ownSession);
        for (int i = 0; i < similar; i++) {
            vote(order.number(i), order.score(i));
        }
        for (int n = 0; n < query; n++) {
            if (slots.slot(n) != RecentSlots.NONE) {
                weights[slots.slot(n)] = 0;
            }
        }
    }

    private int mostSimilar(int count, long ownSession) {
        order.clear();
        for (int i = 0; i < count; i++) {
            int place = found[i];
            float similarity = index.is(place, ownSession) ? 0 : similarity(place);
            order.add(place, similarity);
        }
        order.sort();
        return Math.min(NEIGHBOURS, count);
    }

    private float similarity(int place) {
        int size = index.size(place);
        if (size == 0) {
            return 0;
        }
        float shared = 0;
        for (int i = 0; i < size; i++) {
            shared += weights[index.slot(place, i)];
        }
        return shared / (float) Math.sqrt(size);
    }

    private void vote(int place, float similarity) {
        if (similarity == 0) {
            return;
        }
        int size = index.size(place);
        int anchor = 0;
        float best = 0;
        for (int i = 0; i < size; i++) {
            float weight = weights[index.slot(place, i)];
            if (weight >= best) {
                best = weight;
                anchor = i;
            }
        }
        for (int i = 0; i < size; i++) {
            int slot = index.slot(place, i);
            if (i != anchor) {
                if (scores[slot] == 0) {
                    touched[touchedCount++] = slot;
                }
                scores[slot] += similarity * BY_DISTANCE[Math.abs(i - anchor)];
            }
        }
    }

    private void forget(int tableSize) {
        for (int i = 0; i < touchedCount; i++) {
            scores[touched[i]] = 0;
        }
        touchedCount = 0;
        if (scores.length < tableSize) {
            int length = tableSize * 2;
            scores = new float[length];
            weights = new float[length];
            touched = new int[length];
        }
    }

    /** How many items have a score. */
    public int size() {
        return touchedCount;
    }

    /** The i-th item that has a score, in no order. */
    public int slot(int i) {
        return touched[i];
    }

    /** Score of an item, 0 where no neighbour has it. */
    public float score(int slot) {
        return scores[slot];
    }
}
