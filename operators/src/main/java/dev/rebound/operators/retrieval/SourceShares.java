package dev.rebound.operators.retrieval;

/**
 * How many of a user's candidates each source may give, in percent, in the order in which they are asked; trending items
 * fill the rest. What one leaves over goes to those after it.
 *
 * @param following what others went to, by transitions and sessions
 * @param near what fits by the model's vectors
 * @param seen the user's own recent items
 * @param categories popular and new items of the user's categories
 */
record SourceShares(int following, int near, int seen, int categories) {
    static final SourceShares DEFAULT = new SourceShares(55, 10, 20, 10);

    /** How many candidates there are at most after the first source, of so many places. */
    int untilFollowing(int places) {
        return places * following / 100;
    }

    int untilNear(int places) {
        return places * (following + near) / 100;
    }

    int untilSeen(int places) {
        return places * (following + near + seen) / 100;
    }

    int untilCategories(int places) {
        return places * (following + near + seen + categories) / 100;
    }
}
