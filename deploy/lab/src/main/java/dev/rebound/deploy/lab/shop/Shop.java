package dev.rebound.deploy.lab.shop;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;

/** The shop while it runs: which items it sells now, and how visitors come upon them. */
final class Shop {
    private final Assortment assortment;
    private final UniformRandomProvider random;
    private final BitSet listed = new BitSet();
    private final Map<Integer, DiscreteSampler> itemsByLeaf = new HashMap<>();

    Shop(Assortment assortment, UniformRandomProvider random) {
        this.assortment = assortment;
        this.random = random;
    }

    Assortment assortment() {
        return assortment;
    }

    void list(int item) {
        listed.set(item);
    }

    void unlist(int item) {
        listed.clear(item);
    }

    boolean isListed(int item) {
        return listed.get(item);
    }

    /** Item indexes of a category, popular ones more often, unlisted ones too. */
    DiscreteSampler items(int leaf) {
        return itemsByLeaf.computeIfAbsent(leaf, l -> assortment.itemSampler(l, random));
    }
}
