package dev.rebound.operators.ranking;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a shop wants of a list beyond the order of scores.
 *
 * @param diversity how strongly the categories of a HOME page are mixed: 0 not at all, towards 1 each category once
 * @param maxPerCategory most items of one leaf category on a HOME page, at least 1
 * @param newItem whether the last place of a HOME page goes to a new item where none made it by its score
 * @param shownCap how often an item is shown without being taken before it stands behind all others; 0 is no cap
 * @param shownWindow how long after it was shown last it stays there, in event time
 * @param exploration share of places that are given by chance, in [0, 1)
 */
public record PolicySettings(
        float diversity,
        int maxPerCategory,
        boolean newItem,
        int shownCap,
        Duration shownWindow,
        float exploration,
        BusinessRules rules)
        implements Serializable {
    /** The order of scores alone. */
    public static final PolicySettings BY_SCORE =
            new PolicySettings(0, Integer.MAX_VALUE, false, 0, Duration.ofDays(1), 0, BusinessRules.NONE);

    public PolicySettings withDiversity(float strength) {
        return new PolicySettings(strength, maxPerCategory, newItem, shownCap, shownWindow, exploration, rules);
    }

    public PolicySettings withMaxPerCategory(int most) {
        return new PolicySettings(diversity, most, newItem, shownCap, shownWindow, exploration, rules);
    }

    public PolicySettings withNewItem(boolean wanted) {
        return new PolicySettings(diversity, maxPerCategory, wanted, shownCap, shownWindow, exploration, rules);
    }

    public PolicySettings withShownCap(int cap, Duration window) {
        return new PolicySettings(diversity, maxPerCategory, newItem, cap, window, exploration, rules);
    }

    public PolicySettings withExploration(float share) {
        return new PolicySettings(diversity, maxPerCategory, newItem, shownCap, shownWindow, share, rules);
    }

    public PolicySettings withRules(BusinessRules other) {
        return new PolicySettings(diversity, maxPerCategory, newItem, shownCap, shownWindow, exploration, other);
    }
}
