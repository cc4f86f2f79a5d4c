package dev.rebound.deploy.ops.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;

/** When each item could be bought, by the times of its records on the broker. */
final class CatalogTimeline {
    /** How long a change may take to reach the recommendations. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    private final Map<String, TreeMap<Long, Boolean>> availableFrom = new HashMap<>();

    /** Notes that from that time on the item was available, or not. */
    void change(String itemId, long brokerMillis, boolean available) {
        availableFrom.computeIfAbsent(itemId, id -> new TreeMap<>()).put(brokerMillis, available);
    }

    /** Whether an item may stand in a recommendation of that time. */
    boolean mayBeShown(String itemId, long producedAtMillis) {
        TreeMap<Long, Boolean> changes = availableFrom.get(itemId);
        if (changes == null) {
            return false;
        }
        Entry<Long, Boolean> before = changes.floorEntry(producedAtMillis - TOLERANCE.toMillis());
        if (before != null && before.getValue()) {
            return true;
        }
        return changes.subMap(producedAtMillis - TOLERANCE.toMillis(), false, producedAtMillis, true)
                .containsValue(true);
    }
}
