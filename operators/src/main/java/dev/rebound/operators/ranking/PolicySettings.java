package dev.rebound.operators.ranking;

import java.io.Serializable;

/**
 * What a shop wants of a list beyond the order of scores.
 *
 * @param diversity how strongly the categories of a HOME page are mixed: 0 not at all, towards 1 each category once
 * @param maxPerCategory most items of one leaf category on a HOME page, at least 1
 * @param newItem whether the last place of a HOME page goes to a new item where none made it by its score
 */
public record PolicySettings(float diversity, int maxPerCategory, boolean newItem) implements Serializable {
    /** The order of scores alone. */
    public static final PolicySettings BY_SCORE = new PolicySettings(0, Integer.MAX_VALUE, false);

    /** The same with another strength of {@link #diversity}. */
    public PolicySettings withDiversity(float strength) {
        return new PolicySettings(strength, maxPerCategory, newItem);
    }
}
