package dev.rebound.deploy.lab.shop;

import java.util.SplittableRandom;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * What a customer likes. Computed from the customer's number and the day alone, so that a million customers take no
 * memory: three categories, each given up for another after some days, and a brand in each.
 */
record Customer(int number, long seed) {
    private static final int TASTES = 3;
    private static final int SHORTEST_TASTE_DAYS = 4;
    private static final int TASTE_DAYS_SPREAD = 12;
    /** How often the strongest taste leads, and the second; the rest is the third's. */
    private static final double[] SHARES = {0.55, 0.85};

    String userId() {
        return String.format("user-%06d", number);
    }

    /** A category for a session of that day: one of the tastes, rarely anything. */
    int leaf(long day, Assortment assortment, UniformRandomProvider random) {
        if (random.nextDouble() < 0.1) {
            return assortment.leafSampler(random).sample();
        }
        double u = random.nextDouble();
        int slot = u < SHARES[0] ? 0 : u < SHARES[1] ? 1 : 2;
        return taste(slot, day, assortment);
    }

    /** The brand that the customer prefers in a category. */
    String brand(int leaf, Assortment assortment) {
        return assortment.brand(leaf, (int) hash(leaf, -1).nextLong(Integer.MAX_VALUE));
    }

    private int taste(int slot, long day, Assortment assortment) {
        SplittableRandom slotRandom = hash(slot % TASTES, -2);
        int lasts = SHORTEST_TASTE_DAYS + slotRandom.nextInt(TASTE_DAYS_SPREAD);
        long period = (day + slotRandom.nextInt(lasts)) / lasts;
        SplittableRandom periodRandom = hash(slot, period);
        return assortment.leafSampler(periodRandom::nextLong).sample();
    }

    private SplittableRandom hash(int what, long when) {
        return new SplittableRandom(seed * 31 + number * 0x9E3779B97F4A7C15L + what * 1_000_003L + when * 7_919L);
    }
}
