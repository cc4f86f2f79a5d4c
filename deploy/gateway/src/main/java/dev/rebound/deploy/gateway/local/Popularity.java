package dev.rebound.deploy.gateway.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is taken most now, in all and in each category, by sums that halve in a day. A sum is kept as the logarithm of what it is
 * worth at one fixed moment, so that it only grows with each event and passing time changes no order (forward decay: Cormode et
 * al., ICDE 2009). So the items on top are known without looking at the others. One thread writes, any may read.
 */
final class Popularity {
    /** Of all items, and of those of a category. */
    static final String ALL = "";

    private static final int TOP = 200;
    private static final int MOST_CATEGORIES = 20_000;
    private static final double DECAY_PER_MILLI =
            Math.log(2) / Duration.ofDays(1).toMillis();

    private final Map<String, Map<String, Double>> sums = new HashMap<>();
    private final Map<String, Double> least = new HashMap<>();
    /** Categories that readers see as they were. */
    private final Set<String> changed = new HashSet<>();

    private final Map<String, List<String>> tops = new ConcurrentHashMap<>();

    /** The logarithm of a sum after an event of some weight. */
    static double add(double logSum, double weight, long timeMillis) {
        double added = Math.log(weight) + DECAY_PER_MILLI * timeMillis;
        double greater = Math.max(logSum, added);
        return greater + Math.log1p(Math.exp(Math.min(logSum, added) - greater));
    }

    /** Takes the new sum of an item. */
    void set(String itemId, String category, double logSum) {
        rank(ALL, itemId, logSum);
        if (!category.isEmpty() && (sums.containsKey(category) || sums.size() < MOST_CATEGORIES)) {
            rank(category, itemId, logSum);
        }
    }

    private void rank(String category, String itemId, double logSum) {
        Map<String, Double> top = sums.computeIfAbsent(category, c -> new HashMap<>());
        if (top.size() < 2 * TOP
                || top.containsKey(itemId)
                || logSum > least.getOrDefault(category, Double.NEGATIVE_INFINITY)) {
            top.put(itemId, logSum);
            if (top.size() > 2 * TOP) {
                cut(category, top);
            }
            changed.add(category);
        }
    }

    private void cut(String category, Map<String, Double> top) {
        List<Map.Entry<String, Double>> sorted = sorted(top);
        least.put(category, sorted.get(TOP).getValue());
        sorted.subList(TOP, sorted.size()).forEach(gone -> top.remove(gone.getKey()));
    }

    private static List<Map.Entry<String, Double>> sorted(Map<String, Double> top) {
        List<Map.Entry<String, Double>> sorted = new ArrayList<>(top.entrySet());
        sorted.sort(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        return sorted;
    }

    /** Takes out an item that is sold no more, or has left its category. */
    void remove(String itemId, String category) {
        leave(ALL, itemId);
        leave(category, itemId);
    }

    private void leave(String category, String itemId) {
        Map<String, Double> top = sums.get(category);
        if (top != null && top.remove(itemId) != null) {
            changed.add(category);
            if (top.size() < TOP) {
                // Those that had to give way may come back.
                least.remove(category);
            }
        }
    }

    /** Makes what was changed visible to readers. */
    void publish() {
        for (String category : changed) {
            tops.put(
                    category,
                    sorted(sums.getOrDefault(category, Map.of())).stream()
                            .limit(TOP)
                            .map(Map.Entry::getKey)
                            .toList());
        }
        changed.clear();
    }

    /** The items on top, the most popular first; {@link #ALL} for all categories. */
    List<String> top(String category) {
        return tops.getOrDefault(category, List.of());
    }
}
