package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Orders the candidates of a request by one thing that is known of items, the greatest first. */
public final class AttributeOrder implements Recommender {
    private final String name;
    private final ItemTable table;
    private final ToDoubleFunction<Item> attribute;

    /** @param attribute of an item; one that the table does not know comes last */
    public AttributeOrder(String name, ItemTable table, ToDoubleFunction<Item> attribute) {
        this.name = name;
        this.table = table;
        this.attribute = attribute;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void recommend(TaskBatch tasks, long[][] out) {
        for (int row = 0; row < tasks.size(); row++) {
            long[] keys = Objects.requireNonNull(tasks.task(row).candidates).clone();
            LongArrays.mergeSort(keys, (a, b) -> Double.compare(value(b), value(a)));
            Arrays.fill(out[row], 0);
            System.arraycopy(keys, 0, out[row], 0, Math.min(keys.length, out[row].length));
        }
    }

    private double value(long key) {
        Item item = table.byKey(key);
        return item == null ? Double.NEGATIVE_INFINITY : attribute.applyAsDouble(item);
    }
}
