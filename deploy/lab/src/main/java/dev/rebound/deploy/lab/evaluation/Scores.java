package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.training.Mean;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ScoringTask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one recommender's lists were worth: {@code hr} (was anything of what was chosen in the list), {@code recall} (how
 * much of it), {@code mrr}, {@code ndcg} and {@code auc}, each a mean over lists. {@code hr@20} again over parts, each
 * with the {@code share} of lists or choices that it is of:
 *
 * <ul>
 *   <li>{@code new_item}: the user had not come upon the item lately (it is not in {@link RecentItems})
 *   <li>{@code cold_item}: fewer than five interactions before; {@code cold_item_of_category}: and its category is known
 *   <li>{@code cold_user}: fewer than three interactions before
 * </ul>
 *
 * <p>What pages are made of is in {@link PageScores}.
 */
public final class Scores implements Measured {
    /** A user with fewer recent items is cold. */
    private static final int WARM_USER = 3;

    private static final int PAGE = PageScores.PAGE;
    private static final int TWO_PAGES = 2 * PAGE;
    private static final long HOUR_MILLIS = 3_600_000;

    private final String name;
    private final ItemTable table;
    private final Means means =
            new Means("hr@10", "hr@20", "recall@10", "recall@20", "recall@100", "mrr@20", "ndcg@10", "ndcg@20", "auc");
    private final PageScores pages;
    private final TreeMap<Long, Hour> byHour = new TreeMap<>();

    /** Sums over one hour's lists. */
    public static final class Hour {
        private long lists;
        private double hits;
        private double gain;

        /** Adds another hour's lists. */
        public Hour plus(Hour other) {
            Hour both = new Hour();
            both.lists = lists + other.lists;
            both.hits = hits + other.hits;
            both.gain = gain + other.gain;
            return both;
        }

        /** HR@20. */
        public double hitRate() {
            return hits / lists;
        }

        /** NDCG@10. */
        public double ndcg() {
            return gain / lists;
        }
    }

    Scores(String name, ItemTable table) {
        this.name = name;
        this.table = table;
        this.pages = new PageScores(table);
    }

    /** Adds what a page is made of. */
    void addPage(ScoringTask task, long[] list, ItemCounts counts) {
        pages.add(task, isCold(task), list, counts);
    }

    /**
     * Adds what was chosen.
     *
     * @param chosen keys of the items that were chosen, at least one
     * @param list item keys, the best first, 0 after the last
     * @param among how many items could have been in the list; those that are not come after it, in no order
     * @param counts interactions of each item so far
     */
    void add(ScoringTask task, long[] chosen, long[] list, int among, ItemCounts counts) {
        String user = task.userId;
        int first = Integer.MAX_VALUE;
        for (long item : chosen) {
            int rank = rank(item, list);
            first = Math.min(first, rank);
            addParts(task, item, rank < TWO_PAGES ? 1 : 0, counts);
        }
        double hit = first < TWO_PAGES ? 1 : 0;
        double ndcg = ndcg(chosen, list, PAGE);
        means.add("hr@10", user, first < PAGE ? 1 : 0);
        means.add("hr@20", user, hit);
        means.add("recall@10", user, recall(chosen, list, PAGE));
        means.add("recall@20", user, recall(chosen, list, TWO_PAGES));
        means.add("recall@100", user, recall(chosen, list, NextItemEvaluation.DEPTH));
        means.add("mrr@20", user, first < TWO_PAGES ? 1.0 / (1 + first) : 0);
        means.add("ndcg@10", user, ndcg);
        means.add("ndcg@20", user, ndcg(chosen, list, TWO_PAGES));
        if (among > chosen.length) {
            means.add("auc", user, auc(chosen, list, among));
        }
        addPart("cold_user", user, isCold(task), hit);
        Hour hour = byHour.computeIfAbsent(task.timeMillis / HOUR_MILLIS * HOUR_MILLIS, h -> new Hour());
        hour.lists++;
        hour.hits += hit;
        hour.gain += ndcg;
    }

    private static boolean isCold(ScoringTask task) {
        return task.recent.size() < WARM_USER;
    }

    private void addParts(ScoringTask task, long itemKey, double hit, ItemCounts counts) {
        boolean cold = counts.isCold(itemKey);
        Item item = table.byKey(itemKey);
        addPart("new_item", task.userId, !holds(task.recent, itemKey), hit);
        addPart("cold_item", task.userId, cold, hit);
        addPart("cold_item_of_category", task.userId, cold && hasCategory(item), hit);
    }

    private static boolean hasCategory(@Nullable Item item) {
        return item != null && item.category != ItemTable.NO_INDEX;
    }

    private void addPart(String part, String user, boolean belongs, double hit) {
        means.add(part + "_share", user, belongs ? 1 : 0);
        if (belongs) {
            means.add(part + "_hr@20", user, hit);
        }
    }

    private static boolean holds(RecentItems recent, long itemKey) {
        for (int n = 0; n < recent.size(); n++) {
            if (recent.itemKey(n) == itemKey) {
                return true;
            }
        }
        return false;
    }

    private static double recall(long[] chosen, long[] list, int depth) {
        int found = 0;
        for (long item : chosen) {
            found += rank(item, list) < depth ? 1 : 0;
        }
        return (double) found / chosen.length;
    }

    private static double ndcg(long[] chosen, long[] list, int depth) {
        double gained = 0;
        double ideal = 0;
        for (int i = 0; i < chosen.length; i++) {
            int rank = rank(chosen[i], list);
            gained += rank < depth ? gain(rank) : 0;
            ideal += i < depth ? gain(i) : 0;
        }
        return gained / ideal;
    }

    private static double gain(int rank) {
        return Math.log(2) / Math.log(rank + 2.0);
    }

    /** The chance that a chosen item comes before one that was not, ties counting half. */
    private static double auc(long[] chosen, long[] list, int among) {
        int others = 0;
        int chosenListed = 0;
        double before = 0;
        for (int i = 0; i < list.length && list[i] != 0; i++) {
            if (rank(list[i], chosen) < chosen.length) {
                before += among - chosen.length - others;
                chosenListed++;
            } else {
                others++;
            }
        }
        int othersUnlisted = among - chosen.length - others;
        before += (chosen.length - chosenListed) * 0.5 * othersUnlisted;
        return before / ((double) chosen.length * (among - chosen.length));
    }

    private static int rank(long item, long[] list) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == item) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Override
    public String name() {
        return name;
    }

    /** How many lists were judged. */
    @Override
    public long count() {
        return means.count("hr@20");
    }

    /** Values by name; a metric of which there was no case is left out. */
    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>(means.values());
        metrics.putAll(pages.metrics());
        return metrics;
    }

    /** Half the width of the 95 % confidence interval of each mean, by users: see {@link Mean}. */
    @Override
    public Map<String, Double> ci95() {
        Map<String, Double> intervals = new LinkedHashMap<>(means.halfWidths95());
        intervals.putAll(pages.ci95());
        return intervals;
    }

    /** By the beginning of the hour, in milliseconds since 1970. */
    public NavigableMap<Long, Hour> byHour() {
        return byHour;
    }
}
