package dev.rebound.operators.model;

import dev.rebound.operators.item.ItemKey;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.List;

/** Maps items, by their {@link ItemKey}, to embedding rows of one model version. Row 0 is for every unknown item. */
public final class ItemVocabulary {
    private final Long2IntOpenHashMap rows;

    private ItemVocabulary(Long2IntOpenHashMap rows) {
        this.rows = rows;
    }

    /** The vocabulary in which the first item has row 1, the next row 2, and so on. */
    public static ItemVocabulary of(List<String> itemIds) {
        Long2IntOpenHashMap rows = new Long2IntOpenHashMap(itemIds.size());
        for (int i = 0; i < itemIds.size(); i++) {
            rows.put(ItemKey.of(itemIds.get(i)), i + 1);
        }
        return new ItemVocabulary(rows);
    }

    /** The item's row, or 0. */
    public int row(long itemKey) {
        return rows.get(itemKey);
    }

    /** Rows of an embedding table for it: every item and row 0. */
    public int size() {
        return rows.size() + 1;
    }
}
