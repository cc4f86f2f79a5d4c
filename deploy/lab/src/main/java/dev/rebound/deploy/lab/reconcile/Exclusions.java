package dev.rebound.deploy.lab.reconcile;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What a shop's rules keep out of every list, read from the options {@code ranking.exclude} and {@code ranking.min-price}.
 *
 * @param minPriceMinor items that are known to be cheaper are never shown
 */
record Exclusions(Set<String> categories, Set<String> brands, Set<String> items, long minPriceMinor) {
    static final Exclusions NONE = new Exclusions(Set.of(), Set.of(), Set.of(), 0);

    /** @param subjects {@code category:NAME}, {@code brand:NAME} or {@code item:ID}, as a job has accepted them */
    static Exclusions of(Collection<String> subjects, long minPriceMinor) {
        Exclusions read = new Exclusions(new HashSet<>(), new HashSet<>(), new HashSet<>(), minPriceMinor);
        for (String subject : subjects) {
            int colon = subject.indexOf(':');
            read.names(subject.substring(0, colon)).add(subject.substring(colon + 1));
        }
        return read;
    }

    private Set<String> names(String kind) {
        return switch (kind) {
            case "category" -> categories;
            case "brand" -> brands;
            case "item" -> items;
            default ->
                throw new IllegalArgumentException("ranking.exclude names a " + kind + ": nobody knows what it is");
        };
    }

    boolean isEmpty() {
        return categories.isEmpty() && brands.isEmpty() && items.isEmpty() && minPriceMinor <= 0;
    }

    boolean allow(String itemId, CatalogTimeline.Version item) {
        return !items.contains(itemId)
                && !(item.category() != null && categories.contains(item.category()))
                && !(item.brand() != null && brands.contains(item.brand()))
                && !(item.priceMinor() > 0 && item.priceMinor() < minPriceMinor);
    }
}
