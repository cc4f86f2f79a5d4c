package dev.rebound.operators.evaluation;

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
    private static final long HOUR_MILLIS = 3_600_000;

    private final String name;
    private final ItemTable table;
    private final Map<String, Mean> means = new LinkedHashMap<>();
    private final TreeMap<Long, Mean> byHour = new TreeMap<>();
    private final LongOpenHashSet shown = new LongOpenHashSet();

    Scores(String name, ItemTable table) {
        this.name = name;
        this.table = table;
        for (String metric : new String[] {"hr@10", "hr@20", "mrr@20", "ndcg@10", "ndcg@20"}) {
            means.put(metric, new Mean());
        }
    }

    /**
     * Adds a list.
     *
     * @param list item keys, the best first, 0 after the last
     * @param counts interactions of each item so far
     */
    void add(ScoringTask task, long chosen, long[] list, Long2IntOpenHashMap counts) {
        int rank = rank(chosen, list);
        double gain = rank < 0 ? 0 : Math.log(2) / Math.log(rank + 2.0);
        double hit = rank < 0 ? 0 : 1;
        boolean onPage = rank >= 0 && rank < PAGE;
        mean("hr@10").add(onPage ? 1 : 0);
        mean("hr@20").add(hit);
        mean("mrr@20").add(rank < 0 ? 0 : 1.0 / (1 + rank));
        mean("ndcg@10").add(onPage ? gain : 0);
        mean("ndcg@20").add(gain);
        if (task.recent.size() < WARM_USER) {
            mean("cold_user_hr@20").add(hit);
        }
        if (counts.get(chosen) < WARM_ITEM) {
            mean("cold_item_hr@20").add(hit);
        }
        byHour.computeIfAbsent(task.timeMillis / HOUR_MILLIS * HOUR_MILLIS, hour -> new Mean())
                .add(hit);
        page(list);
    }

    private static int rank(long chosen, long[] list) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == chosen) {
                return i;
            }
        }
        return -1;
    }

    private void page(long[] list) {
        Long2IntOpenHashMap categories = new Long2IntOpenHashMap();
        int size = 0;
        for (int i = 0; i < PAGE && list[i] != 0; i++) {
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
