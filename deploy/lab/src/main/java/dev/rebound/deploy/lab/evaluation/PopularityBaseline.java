package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.RecentItems;
import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import java.util.Arrays;

/** Recommends the items with the most events so far to everybody. */
public final class PopularityBaseline implements Recommender {
    private static final int LISTED = 200;
    private static final int EVENTS_BETWEEN_LISTS = 500;

    private final Long2DoubleOpenHashMap counts = new Long2DoubleOpenHashMap();
    private final TopKeys top = new TopKeys();
    private final long[] list = new long[LISTED];
    private int listed;
    private long events;
    private long listedAt = -1;

    @Override
    public String name() {
        return "popularity";
    }

    @Override
    public void learn(String userId, RecentItems before, boolean sameSession, long itemKey) {
        counts.addTo(itemKey, 1);
        events++;
    }

    @Override
    public void recommend(TaskBatch tasks, long[][] out) {
        for (int row = 0; row < tasks.size(); row++) {
            fill(out[row], 0);
        }
    }

    /** Fills a list from a place on with the most popular items that it does not hold yet. */
    void fill(long[] out, int from) {
        if (listedAt < 0 || events - listedAt >= EVENTS_BETWEEN_LISTS) {
            listed = top.of(counts, list);
            listedAt = events;
        }
        int size = from;
        for (int i = 0; i < listed && size < out.length; i++) {
            if (!holds(out, from, list[i])) {
                out[size++] = list[i];
            }
        }
        Arrays.fill(out, size, out.length, 0);
    }

    private static boolean holds(long[] keys, int size, long key) {
        for (int i = 0; i < size; i++) {
            if (keys[i] == key) {
                return true;
            }
        }
        return false;
    }
}
