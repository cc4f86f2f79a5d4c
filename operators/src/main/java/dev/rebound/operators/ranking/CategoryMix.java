package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.ItemTable;
import java.util.Arrays;

/**
 * Makes each further item of a category worth less: the n-th is discounted by {@code (1 - strength)^n}, n from 0. Taken
 * greedily this maximises the gain of alpha-nDCG (Clarke, Kolla, Cormack, Vechtomova, Ashkan, Büttcher, MacKinnon:
 * Novelty and Diversity in Information Retrieval Evaluation, SIGIR 2008, section 4), with categories as nuggets; in the
 * logarithm it is maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998) of log-odds, with the number of shown
 * items of the category as the redundancy. Items without a category are never redundant.
 */
final class CategoryMix {
    private final float kept;
    private final int most;
    private int[] countOf = new int[64];
    private float[] discountOf = new float[64];
    private int[] touched = new int[16];
    private int touchedCount;

    /**
     * @param strength in [0, 1): 0 is off
     * @param most most items of a category
     */
    CategoryMix(float strength, int most) {
        this.kept = 1 - strength;
        this.most = most;
    }

    /** Begins a page. */
    void begin(int categories) {
        for (int i = 0; i < touchedCount; i++) {
            countOf[touched[i]] = 0;
        }
        touchedCount = 0;
        if (countOf.length < categories) {
            countOf = new int[categories * 2];
            discountOf = new float[categories * 2];
        }
    }

    /** What an item of a category is worth now, of what it would be were it the first; in (0, 1]. */
    float discount(int category) {
        return countOf[category] == 0 ? 1 : discountOf[category];
    }

    boolean hasRoom(int category) {
        return countOf[category] < most;
    }

    /** Notes that an item of a category is shown. */
    void add(int category) {
        if (category == ItemTable.NO_INDEX) {
            return;
        }
        if (countOf[category]++ == 0) {
            discountOf[category] = 1;
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, touchedCount * 2);
            }
            touched[touchedCount++] = category;
        }
        discountOf[category] *= kept;
    }
}
