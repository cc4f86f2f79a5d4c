package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.RecentItems;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntComparators;
import it.unimi.dsi.fastutil.ints.IntRBTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * V-SKNN (Ludewig, Jannach, "Evaluation of Session-based Recommendation Algorithms", UMUAI 2018): of the latest sessions
 * that share an item with the user's, the most similar vote for their items; newer items of the user count more. With
 * 100 neighbours out of 500.
 */
public final class SessionNeighbourBaseline implements Recommender {
    private static final int SAMPLE = 500;
    private static final int NEIGHBOURS = 100;
    private static final int DECAY_STEPS = 10;

    private final List<LongArrayList> sessions = new ArrayList<>();
    private final Long2ObjectOpenHashMap<IntArrayList> sessionsByItem = new Long2ObjectOpenHashMap<>();
    private final Map<String, Integer> open = new HashMap<>();
    private final PopularityBaseline popularity = new PopularityBaseline();
    private final TopKeys top = new TopKeys();

    @Override
    public String name() {
        return "v-sknn";
    }

    @Override
    public void learn(String userId, RecentItems before, boolean sameSession, long itemKey) {
        popularity.learn(userId, before, sameSession, itemKey);
        if (!sameSession || !open.containsKey(userId)) {
            open.put(userId, sessions.size());
            sessions.add(new LongArrayList());
        }
        int session = open.get(userId);
        if (!sessions.get(session).contains(itemKey)) {
            sessions.get(session).add(itemKey);
            sessionsByItem.computeIfAbsent(itemKey, key -> new IntArrayList()).add(session);
        }
    }

    @Override
    public void recommend(TaskBatch tasks, long[][] out) {
        for (int row = 0; row < tasks.size(); row++) {
            int size = top.of(votes(SessionItems.of(tasks.task(row).recent)), out[row]);
            popularity.fill(out[row], size);
        }
    }

    private Long2DoubleOpenHashMap votes(SessionItems own) {
        Long2DoubleOpenHashMap weights = new Long2DoubleOpenHashMap();
        Long2IntOpenHashMap steps = new Long2IntOpenHashMap();
        for (int n = own.size() - 1; n >= 0; n--) {
            weights.put(own.itemKey(n), (double) (own.size() - n) / own.size());
            steps.put(own.itemKey(n), n);
        }
        Long2DoubleOpenHashMap votes = new Long2DoubleOpenHashMap();
        for (long neighbour : neighbours(weights)) {
            LongArrayList items = sessions.get((int) neighbour);
            float similarity = Float.intBitsToFloat((int) (neighbour >>> 32));
            int newest = DECAY_STEPS;
            for (long item : items) {
                newest = Math.min(newest, steps.getOrDefault(item, DECAY_STEPS));
            }
            float decay = 1 - 0.1f * newest;
            for (long item : items) {
                votes.addTo(item, similarity * decay);
            }
        }
        return votes;
    }

    /** Each as its number with its similarity above it. */
    private long[] neighbours(Long2DoubleOpenHashMap weights) {
        long[] order = latest(weights)
                .longStream()
                .map(session -> {
                    double shared = 0;
                    for (long item : sessions.get((int) session)) {
                        shared += weights.get(item);
                    }
                    return ((long) Float.floatToRawIntBits((float) shared) << 32) | session;
                })
                .sorted()
                .toArray();
        return Arrays.copyOfRange(order, Math.max(0, order.length - NEIGHBOURS), order.length);
    }

    private LongArrayList latest(Long2DoubleOpenHashMap weights) {
        IntSortedSet holding = new IntRBTreeSet(IntComparators.OPPOSITE_COMPARATOR);
        for (long item : weights.keySet()) {
            IntArrayList own = sessionsByItem.get(item);
            if (own != null) {
                holding.addAll(own.subList(Math.max(0, own.size() - SAMPLE), own.size()));
            }
        }
        LongArrayList latest = new LongArrayList();
        for (int session : holding) {
            if (latest.size() == SAMPLE) {
                break;
            }
            latest.add(session);
        }
        return latest;
    }
}
