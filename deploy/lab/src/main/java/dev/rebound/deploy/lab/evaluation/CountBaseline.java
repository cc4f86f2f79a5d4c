package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.user.RecentItems;
import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.function.IntToDoubleFunction;

/**
 * Counts how often one item follows another within a session, and recommends what followed the user's newest item most
 * often, then what is popular.
 */
public final class CountBaseline implements Recommender {
    private static final int RULE_STEPS = 10;

    private final String name;
    private final int steps;
    private final boolean bothWays;
    private final IntToDoubleFunction weight;
    private final Long2ObjectOpenHashMap<Long2DoubleOpenHashMap> counts = new Long2ObjectOpenHashMap<>();
    private final PopularityBaseline popularity = new PopularityBaseline();
    private final TopKeys top = new TopKeys();

    private CountBaseline(String name, int steps, boolean bothWays, IntToDoubleFunction weight) {
        this.name = name;
        this.steps = steps;
        this.bothWays = bothWays;
        this.weight = weight;
    }

    /** Only what came directly after. */
    public static CountBaseline markov() {
        return new CountBaseline("markov", 1, false, step -> 1);
    }

    /** Whatever came after, the sooner the more: sequential rules (Kamehkhosh, Jannach, Ludewig, 2017). */
    public static CountBaseline sequentialRules() {
        return new CountBaseline("sequential-rules", RULE_STEPS, false, step -> 1.0 / step);
    }

    /** Whatever was in the same session, before or after. */
    public static CountBaseline coVisitation() {
        return new CountBaseline("co-visitation", RULE_STEPS, true, step -> 1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void learn(String userId, RecentItems before, boolean sameSession, long itemKey) {
        popularity.learn(userId, before, sameSession, itemKey);
        if (!sameSession) {
            return;
        }
        SessionItems session = SessionItems.of(before);
        for (int step = 1; step <= Math.min(steps, session.size()); step++) {
            add(session.itemKey(step - 1), itemKey, weight.applyAsDouble(step));
            if (bothWays) {
                add(itemKey, session.itemKey(step - 1), weight.applyAsDouble(step));
            }
        }
    }

    private void add(long from, long to, double amount) {
        if (from != to || !bothWays) {
            counts.computeIfAbsent(from, key -> new Long2DoubleOpenHashMap()).addTo(to, amount);
        }
    }

    @Override
    public void recommend(TaskBatch tasks, long[][] out) {
        for (int row = 0; row < tasks.size(); row++) {
            Long2DoubleOpenHashMap next = counts.get(tasks.task(row).recent.itemKey(0));
            int size = next == null ? 0 : top.of(next, out[row]);
            popularity.fill(out[row], size);
        }
    }
}
