package dev.rebound.deploy.lab.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AliasMethodDiscreteSampler;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.LogNormalSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateDiscreteSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/** Every item that the shop ever sells. Within a category, popularity falls with the rank by Zipf's law. */
final class Assortment {
    private static final double ITEM_EXPONENT = 0.9;
    private static final double LEAF_EXPONENT = 0.6;
    private static final double PRICE_SPREAD = 0.45;
    private static final int BRANDS_PER_AISLE = 6;
    private static final int COMPANIONS = 4;
    private static final String[] BRAND_HEADS = {"Nor", "Val", "Ori", "Mar", "Tel", "Bru", "Kas", "Lum", "Ves", "Alt"};
    private static final String[] BRAND_TAILS = {"den", "ova", "mont", "lund", "aro", "wick", "ella", "tec", "ine"};
    private static final String[] QUALITIES = {
        "Classic",
        "Compact",
        "Premium",
        "Everyday",
        "Light",
        "Urban",
        "Nordic",
        "Eco",
        "Pro",
        "Vintage",
        "Soft",
        "Swift"
    };
    private static final String[] SHADES = {
        "Black", "White", "Blue", "Green", "Red", "Sand", "Grey", "Copper", "Olive", "Navy", "Rose", "Ivory"
    };

    private final List<Leaf> leaves = Leaf.all();
    private final SharedStateDiscreteSampler leafWeights;
    private final List<ShopItem> items = new ArrayList<>();
    private final int[][] itemsByLeaf;

    /** @param itemCount at least as many as there are categories */
    Assortment(int itemCount, long seed) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] weights = IntStream.range(0, leaves.size())
                .mapToDouble(rank -> Math.pow(rank + 1.0, -LEAF_EXPONENT))
                .toArray();
        leafWeights = AliasMethodDiscreteSampler.of(random, weights);
        DiscreteSampler leaf = leafSampler(random);
        // The first item of each category is certain: nobody enters an empty aisle.
        int[] leafOfItem = IntStream.range(0, itemCount)
                .map(i -> i < leaves.size() ? i : leaf.sample())
                .toArray();
        itemsByLeaf = IntStream.range(0, leaves.size())
                .mapToObj(l -> IntStream.range(0, itemCount)
                        .filter(i -> leafOfItem[i] == l)
                        .toArray())
                .toArray(int[][]::new);
        for (int i = 0; i < itemCount; i++) {
            items.add(item(i, leafOfItem[i], random));
        }
    }

    List<ShopItem> items() {
        return items;
    }

    ShopItem item(int index) {
        return items.get(index);
    }

    Leaf leaf(int leaf) {
        return leaves.get(leaf);
    }

    /** Picks categories, popular ones more often. */
    DiscreteSampler leafSampler(UniformRandomProvider random) {
        return leafWeights.withUniformRandomProvider(random);
    }

    /** Picks item indexes of a category, popular ones more often. */
    DiscreteSampler itemSampler(int leaf, UniformRandomProvider random) {
        int[] choices = itemsByLeaf[leaf];
        DiscreteSampler rank = RejectionInversionZipfSampler.of(random, choices.length, ITEM_EXPONENT);
        return () -> choices[rank.sample() - 1];
    }

    /** The item of a category that everybody looks at on that day. */
    int hitOfTheDay(int leaf, long day) {
        int[] choices = itemsByLeaf[leaf];
        return choices[(int) Math.floorMod(day * 7 + leaf, (long) choices.length)];
    }

    /** A brand that is sold in a category. */
    String brand(int leaf, int number) {
        int aisle = Math.floorMod(leaves.get(leaf).aisle().hashCode(), 997);
        int code = aisle * 31 + Math.floorMod(number, BRANDS_PER_AISLE) * 17;
        return BRAND_HEADS[code % BRAND_HEADS.length] + BRAND_TAILS[code / 7 % BRAND_TAILS.length];
    }

    private ShopItem item(int index, int leaf, UniformRandomProvider random) {
        Leaf category = leaves.get(leaf);
        String brand = brand(leaf, random.nextInt(BRANDS_PER_AISLE));
        String title = brand + " " + pick(QUALITIES, random) + " " + category.noun() + " " + pick(SHADES, random);
        double price = LogNormalSampler.of(
                        ZigguratSampler.NormalizedGaussian.of(random),
                        Math.log((double) category.priceMinor()),
                        PRICE_SPREAD)
                .sample();
        return new ShopItem(index, leaf, category, brand, title, Math.round(price / 10) * 10, companions(leaf, random));
    }

    /** Mostly of the same category, else of one in the same department or anywhere. */
    private int[] companions(int leaf, UniformRandomProvider random) {
        int[] companions = new int[COMPANIONS];
        for (int c = 0; c < COMPANIONS; c++) {
            int from = c < COMPANIONS - 1 ? leaf : neighbour(leaf, random);
            companions[c] = itemsByLeaf[from][random.nextInt(itemsByLeaf[from].length)];
        }
        return companions;
    }

    private int neighbour(int leaf, UniformRandomProvider random) {
        int[] department = IntStream.range(0, leaves.size())
                .filter(l -> leaves.get(l)
                        .path()
                        .get(0)
                        .equals(leaves.get(leaf).path().get(0)))
                .toArray();
        return department[random.nextInt(department.length)];
    }

    private static String pick(String[] words, UniformRandomProvider random) {
        return words[random.nextInt(words.length)];
    }
}
