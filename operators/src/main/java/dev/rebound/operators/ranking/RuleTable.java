package dev.rebound.operators.ranking;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.BusinessRules.Boost;
import dev.rebound.operators.ranking.BusinessRules.Kind;
import dev.rebound.operators.ranking.BusinessRules.Subject;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.objects.Object2DoubleOpenHashMap;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** {@link BusinessRules} by the indexes of an {@link ItemTable}, so that applying them reads arrays. */
final class RuleTable {
    private final ItemTable table;
    private final long minPriceMinor;
    private final boolean empty;
    private final Names categories = new Names();
    private final Names brands = new Names();
    private final Long2DoubleOpenHashMap itemFactors = new Long2DoubleOpenHashMap();
    private final LongOpenHashSet pinnedItems = new LongOpenHashSet();

    RuleTable(BusinessRules rules, ItemTable table) {
        this.table = table;
        this.minPriceMinor = rules.minPriceMinor();
        this.empty = rules.exclude().isEmpty() && rules.boost().isEmpty() && minPriceMinor <= 0;
        itemFactors.defaultReturnValue(1);
        rules.exclude().forEach(subject -> multiply(subject, 0));
        for (Boost boost : rules.boost()) {
            multiply(boost.subject(), boost.factor());
        }
        for (Subject subject : rules.pin()) {
            if (subject.kind() == Kind.ITEM) {
                pinnedItems.add(ItemKey.of(subject.name()));
            } else {
                names(subject.kind()).pinnedNames.add(subject.name());
            }
        }
    }

    private Names names(Kind kind) {
        return kind == Kind.CATEGORY ? categories : brands;
    }

    private void multiply(Subject subject, float factor) {
        if (subject.kind() == Kind.ITEM) {
            long key = ItemKey.of(subject.name());
            itemFactors.put(key, itemFactors.get(key) * factor);
        } else {
            Object2DoubleOpenHashMap<String> factors = names(subject.kind()).factorsByName;
            factors.put(subject.name(), factors.getDouble(subject.name()) * factor);
        }
    }

    boolean hasPins() {
        return !pinnedItems.isEmpty() || !categories.pinnedNames.isEmpty() || !brands.pinnedNames.isEmpty();
    }

    /** Takes up the categories and brands that are new in the table. */
    void refresh() {
        for (int i = categories.known; i < table.categoryCount(); i++) {
            categories.learn(i, i == ItemTable.NO_INDEX ? "" : table.categoryName(i));
        }
        for (int i = brands.known; i < table.brandCount(); i++) {
            brands.learn(i, i == ItemTable.NO_INDEX ? "" : table.brandName(i));
        }
    }

    /** What the odds of an item are multiplied by; 0 where it must not be shown. */
    double factor(Item item) {
        if (empty) {
            return 1;
        }
        if (item.priceMinor > 0 && item.priceMinor < minPriceMinor) {
            return 0;
        }
        double factor = categories.factors[item.category] * brands.factors[item.brand];
        return itemFactors.isEmpty() ? factor : factor * itemFactors.get(item.itemKey);
    }

    boolean isPinned(Item item) {
        return categories.pinned[item.category] || brands.pinned[item.brand] || pinnedItems.contains(item.itemKey);
    }

    /** Rules about categories, or about brands. */
    private static final class Names {
        private final Object2DoubleOpenHashMap<String> factorsByName = new Object2DoubleOpenHashMap<>();
        private final Set<String> pinnedNames = new HashSet<>();
        private double[] factors = new double[64];
        private boolean[] pinned = new boolean[64];
        private int known;

        private Names() {
            factorsByName.defaultReturnValue(1);
        }

        private void learn(int index, String name) {
            if (index == factors.length) {
                factors = Arrays.copyOf(factors, index * 2);
                pinned = Arrays.copyOf(pinned, index * 2);
            }
            factors[index] = index == ItemTable.NO_INDEX ? 1 : factorsByName.getDouble(name);
            pinned[index] = index != ItemTable.NO_INDEX && pinnedNames.contains(name);
            known = index + 1;
        }
    }
}
