package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.ShownItems;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What pages of ten are made of, whatever was chosen of them:
 *
 * <ul>
 *   <li>{@code novelty@10}: mean {@link ItemCounts#selfInformation} of the items, by what was popular until then
 *   <li>{@code intra_list_diversity@10}: mean distance of two items of a page (Ziegler, McNee, Konstan, Lausen, WWW
 *       2005). The distance is the share of category and brand in which the two differ, of those that both items have;
 *       pairs that share neither attribute are left out
 *   <li>{@code category_entropy@10}: in bits, of the categories on a page
 *   <li>{@code cold_items_served@10}: share of the places that items with fewer than five interactions have
 *   <li>{@code served@10}: share of the lists that fill a page, {@code cold_users_served@10} those of cold users
 *   <li>{@code shown_before@10}: how often an item of the page was shown to the user before and not taken; users who
 *       were shown nothing lately are left out
 *   <li>{@code coverage@10}: share of the catalog that was on any page
 * </ul>
 */
final class PageScores {
    static final int PAGE = 10;

    private final ItemTable table;
    private final Means means = new Means();
    private final LongOpenHashSet shown = new LongOpenHashSet();
    private final Item[] page = new Item[PAGE];

    PageScores(ItemTable table) {
        this.table = table;
    }

    /** Adds the page that a list begins with. */
    void add(ScoringTask task, boolean coldUser, long[] list, ItemCounts counts) {
        String userId = task.userId;
        int size = 0;
        double novelty = 0;
        int cold = 0;
        for (int i = 0; i < Math.min(PAGE, list.length) && list[i] != 0; i++) {
            Item item = table.byKey(list[i]);
            if (item != null) {
                page[size++] = item;
                novelty += counts.selfInformation(item.itemKey, table.size());
                cold += counts.isCold(item.itemKey) ? 1 : 0;
                shown.add(item.itemKey);
            }
        }
        double served = size == Math.min(PAGE, list.length) ? 1 : 0;
        means.add("served@10", userId, served);
        if (coldUser) {
            means.add("cold_users_served@10", userId, served);
        }
        if (size > 0) {
            means.add("novelty@10", userId, novelty / size);
            means.add("category_entropy@10", userId, entropy(size));
            means.add("cold_items_served@10", userId, (double) cold / size);
        }
        if (size > 0 && task.shown.size() > 0) {
            means.add("shown_before@10", userId, (double) timesShown(task.shown, size) / size);
        }
        double diversity = diversity(size);
        if (!Double.isNaN(diversity)) {
            means.add("intra_list_diversity@10", userId, diversity);
        }
    }

    private int timesShown(ShownItems before, int size) {
        int times = 0;
        for (int i = 0; i < size; i++) {
            for (int n = 0; n < before.size(); n++) {
                times += before.itemKey(n) == page[i].itemKey ? before.count(n) : 0;
            }
        }
        return times;
    }

    private double entropy(int size) {
        Long2IntOpenHashMap categories = new Long2IntOpenHashMap();
        for (int i = 0; i < size; i++) {
            categories.addTo(page[i].category, 1);
        }
        double entropy = 0;
        for (int count : categories.values()) {
            double share = (double) count / size;
            entropy -= share * Math.log(share) / Math.log(2);
        }
        return entropy;
    }

    private double diversity(int size) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                double distance = distance(page[i], page[j]);
                if (!Double.isNaN(distance)) {
                    sum += distance;
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    /** NaN where nothing can be compared. */
    private static double distance(Item a, Item b) {
        int known = 0;
        int different = 0;
        if (a.category != ItemTable.NO_INDEX && b.category != ItemTable.NO_INDEX) {
            known++;
            different += a.category == b.category ? 0 : 1;
        }
        if (a.brand != ItemTable.NO_INDEX && b.brand != ItemTable.NO_INDEX) {
            known++;
            different += a.brand == b.brand ? 0 : 1;
        }
        return (double) different / known;
    }

    /** Values by name. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>(means.values());
        metrics.put("coverage@10", shown.size() / (double) Math.max(1, table.size()));
        return metrics;
    }

    Map<String, Double> ci95() {
        return means.halfWidths95();
    }
}
