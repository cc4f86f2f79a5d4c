package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.ItemTable;
import java.util.Arrays;

/**
 * Makes each further item of a group (a category, a brand) worth less: the n-th is discounted by {@code (1 - strength)^n},
 * n from 0, and only so many have room. Taken greedily this maximises the gain of alpha-nDCG (Clarke, Kolla, Cormack,
 * Vechtomova, Ashkan, Büttcher, MacKinnon: Novelty and Diversity in Information Retrieval Evaluation, SIGIR 2008, section
 * 4), with groups as nuggets; in the logarithm it is maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998) of
 * log-odds, with the number of shown items of the group as the redundancy. Items without a group are never redundant.
 */
final class GroupMix {
    private final float kept;
    private final int most;
    private int[] countOf = new int[64];
    private float[] discountOf = new float[64];
    private int[] touched = new int[16];
    private int touchedCount;

    /**
     * @param strength in [0, 1): 0 is off
     * @param most most items of a group
     */
    GroupMix(float strength, int most) {
        this.kept = 1 - strength;
        this.most = most;
    }

    /**
     * Begins a page.
     *
     * @param groups how many there are, {@link ItemTable#NO_INDEX} included
     */
    void begin(int groups) {
        for (int i = 0; i < touchedCount; i++) {
            countOf[touched[i]] = 0;
        }
        touchedCount = 0;
        if (countOf.length < groups) {
            countOf = new int[groups * 2];
            discountOf = new float[groups * 2];
        }
    }

    /** What an item of a group is worth now, of what it would be were it the first; in (0, 1]. */
    float discount(int group) {
        return countOf[group] == 0 ? 1 : discountOf[group];
    }

    boolean hasRoom(int group) {
        return countOf[group] < most;
    }

    /** Notes that an item of a group is shown. */
    void add(int group) {
        if (group == ItemTable.NO_INDEX) {
            return;
        }
        if (countOf[group]++ == 0) {
            discountOf[group] = 1;
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, touchedCount * 2);
            }
            touched[touchedCount++] = group;
        }
        discountOf[group] *= kept;
    }
}
