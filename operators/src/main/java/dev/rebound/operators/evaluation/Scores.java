package dev.rebound.operators.evaluation;

import dev.rebound.operators.features.ShownItems;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.scoring.ScoringTask;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What one recommender's lists were worth. */
public final class Scores {
    /** A user with fewer recent items is cold. */
    private static final int WARM_USER = 3;

    /** An item with fewer interactions is cold. */
    private static final int WARM_ITEM = 5;

    private static final int PAGE = 10;
    private static final int DEPTH = NextItemEvaluation.DEPTH;
    private static final long HOUR_MILLIS = 3_600_000;

    private final String name;
    private final ItemTable table;
    private final Map<String, Mean> means = new LinkedHashMap<>();
    private final TreeMap<Long, Mean> byHour = new TreeMap<>();
    private final LongOpenHashSet shown = new LongOpenHashSet();

    Scores(String name, ItemTable table) {
        this.name = name;
        this.table = table;
        for (String metric : new String[] {"hr@10", "hr@20", "recall@20", "mrr@20", "ndcg@10", "ndcg@20"}) {
            means.put(metric, new Mean());
        }
    }

    /**
     * Adds a list.
     *
     * @param chosen keys of the items that were chosen, at least one
     * @param list item keys, the best first, 0 after the last
     * @param counts interactions of each item so far
     */
    void add(ScoringTask task, long[] chosen, long[] list, Long2IntOpenHashMap counts) {
        int first = Integer.MAX_VALUE;
        double gain10 = 0;
        double gain20 = 0;
        int found = 0;
        for (long item : chosen) {
            int rank = rank(item, list);
            boolean isFound = rank < DEPTH;
            first = Math.min(first, rank);
            gain10 += rank < PAGE ? gain(rank) : 0;
            gain20 += isFound ? gain(rank) : 0;
            found += isFound ? 1 : 0;
            if (counts.get(item) < WARM_ITEM) {
                mean("cold_item_hr@20").add(isFound ? 1 : 0);
            }
        }
        double hit = first < DEPTH ? 1 : 0;
        mean("hr@10").add(first < PAGE ? 1 : 0);
        mean("hr@20").add(hit);
        mean("recall@20").add((double) found / chosen.length);
        mean("mrr@20").add(first < DEPTH ? 1.0 / (1 + first) : 0);
        mean("ndcg@10").add(gain10 / ideal(Math.min(PAGE, chosen.length)));
        mean("ndcg@20").add(gain20 / ideal(Math.min(DEPTH, chosen.length)));
        if (task.recent.size() < WARM_USER) {
            mean("cold_user_hr@20").add(hit);
        }
        byHour.computeIfAbsent(task.timeMillis / HOUR_MILLIS * HOUR_MILLIS, hour -> new Mean())
                .add(hit);
        page(list);
        mean("shown_before@10").add(shownBefore(task.shown, list));
    }

    /** How often an item of the page was shown before and not taken. */
    private static double shownBefore(ShownItems shown, long[] list) {
        int times = 0;
        int items = Math.min(PAGE, list.length);
        for (int i = 0; i < items; i++) {
            for (int n = 0; n < shown.size(); n++) {
                times += shown.itemKey(n) == list[i] ? 1 : 0;
            }
        }
        return (double) times / items;
    }

    private static double gain(int rank) {
        return Math.log(2) / Math.log(rank + 2.0);
    }

    private static double ideal(int chosen) {
        double ideal = 0;
        for (int rank = 0; rank < chosen; rank++) {
            ideal += gain(rank);
        }
        return ideal;
    }

    private static int rank(long chosen, long[] list) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == chosen) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    private void page(long[] list) {
        Long2IntOpenHashMap categories = new Long2IntOpenHashMap();
        int size = 0;
        for (int i = 0; i < Math.min(PAGE, list.length) && list[i] != 0; i++) {
            shown.add(list[i]);
            Item item = table.byKey(list[i]);
            categories.addTo(item == null ? ItemTable.NO_INDEX : item.category, 1);
            size++;
        }
        double entropy = 0;
        for (int count : categories.values()) {
            double share = (double) count / size;
            entropy -= share * Math.log(share) / Math.log(2);
        }
        mean("category_entropy@10").add(entropy);
    }

    private Mean mean(String metric) {
        return means.computeIfAbsent(metric, key -> new Mean());
    }

    public String name() {
        return name;
    }

    /** How many lists. */
    public long count() {
        return mean("hr@20").count();
    }

    /** Values by name: those of {@code means}, and the share of the catalog that was on a page of ten. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        means.forEach((metric, mean) -> metrics.put(metric, mean.value()));
        metrics.put("coverage@10", shown.size() / (double) Math.max(1, table.size()));
        return metrics;
    }

    /** Half the width of the 95 % confidence interval of each mean. */
    public Map<String, Double> ci95() {
        Map<String, Double> intervals = new LinkedHashMap<>();
        means.forEach((metric, mean) -> intervals.put(metric, mean.halfWidth95()));
        return intervals;
    }

    /** HR@20 by hour, in milliseconds since 1970. */
    public Map<Long, Double> hitRateByHour() {
        Map<Long, Double> rates = new TreeMap<>();
        byHour.forEach((hour, mean) -> rates.put(hour, mean.value()));
        return rates;
    }
}
