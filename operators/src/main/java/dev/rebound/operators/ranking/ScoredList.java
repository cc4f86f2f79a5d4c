package dev.rebound.operators.ranking;

import dev.rebound.operators.model.DenseFeature;

/**
 * What a request was answered with, and the features that each item had when it was scored; or, in its place among a
 * user's lists, that the user was erased. Kept until it is known what the user did with it: about 1.5 KiB for ten items.
 */
public final class ScoredList {
    private static final String[] NO_STRINGS = {};
    private static final float[] NO_FLOATS = {};

    public String userId = "";
    /** The user was erased; nothing else is set. */
    public boolean erasesUser;

    public String requestId = "";
    public String recommendationId = "";
    public String modelVersion = "";
    /** Ordinal of the Scenario. */
    public int scenario;
    /** Event time of the request, milliseconds: the moment that features are of. */
    public long requestedMillis;
    /** When it was scored, milliseconds. */
    public long scoredMillis;
    /** Newest first. */
    public String[] recentItemIds = NO_STRINGS;
    /** In the order in which they are shown. */
    public String[] itemIds = NO_STRINGS;
    /** One an item. */
    public float[] scores = NO_FLOATS;
    /** Probability with which each item got its place, given the places before it. */
    public float[] propensities = NO_FLOATS;
    /** Row-major (items x features), in the order of {@link DenseFeature}. */
    public float[] dense = NO_FLOATS;

    /** Tells whoever keeps lists to forget a user. */
    public static ScoredList erasure(String userId) {
        ScoredList erasure = new ScoredList();
        erasure.userId = userId;
        erasure.erasesUser = true;
        return erasure;
    }
}
