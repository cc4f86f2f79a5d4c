package dev.rebound.operators.model;

/**
 * The dense features of a candidate, in the order in which models read them. Serving, training and the model manifest
 * all take names and order from here; a new feature goes to the end, and models name the features they were trained on.
 */
public enum DenseFeature {
    /** Co-visitation weight from the user's newest item, or from the context item, to the candidate; 0 to 1. */
    COVISIT_LAST("covisit_last"),
    /** Decayed co-visitation weight summed over the user's recent items. */
    COVISIT_RECENT("covisit_recent"),
    /** Share of the user's decayed interest in the candidate's leaf category; 0 to 1. */
    CATEGORY_AFFINITY("category_affinity"),
    /** Share of the user's decayed interest in the candidate's brand; 0 to 1. */
    BRAND_AFFINITY("brand_affinity"),
    /** Decayed popularity of the candidate over that of the mean item; log1p. */
    POPULARITY("popularity"),
    /** Smoothed share of the candidate's impressions and views that became a click, cart or purchase; 0 to 1. */
    ACTION_RATE("action_rate"),
    /** Smoothed share of the candidate's interactions that were a cart or purchase; 0 to 1. */
    CONVERSION_RATE("conversion_rate"),
    /** Days since the item was first seen, log1p, less that of the mean item. */
    ITEM_AGE("item_age"),
    /** Log of the candidate's price over the mean price of the user's recent items; 0 where either is unknown. */
    PRICE_RATIO("price_ratio"),
    /** How often the candidate stands among the user's recent items; log1p. */
    SEEN_COUNT("seen_count"),
    /** 1 / (1 + hours since the user's last interaction with the candidate); 0 where there was none. */
    SEEN_RECENCY("seen_recency"),
    /** Events of the user so far; log1p. */
    USER_ACTIVITY("user_activity"),
    /** 1 / (1 + rank in retrieval). */
    RETRIEVAL_RANK("retrieval_rank"),
    /** 1 where the candidate's leaf category is that of the newest or the context item. */
    SAME_CATEGORY_AS_LAST("same_category_as_last"),
    /** 1 where co-visitation brought the candidate. */
    FROM_COVISITATION("from_covisitation"),
    /** 1 where trending brought the candidate. */
    FROM_TRENDING("from_trending"),
    /** Score of the candidate by sessions like the user's; log1p. */
    SESSION_SCORE("session_score"),
    /** The same as a share of the best item's; 0 to 1. */
    SESSION_SHARE("session_share"),
    /** 1 / (1 + how many of the user's items are newer than the candidate); 0 where it is not among them. */
    SEEN_RANK("seen_rank"),
    /** Length of the user's recent history; log1p. */
    HISTORY_LENGTH("history_length"),
    /** Cosine of the terms of the candidate and those of the user's recent items; 0 to 1. */
    CONTENT_SIMILARITY("content_similarity"),
    /** Cosine of the terms of the candidate and those of the newest or the context item; 0 to 1. */
    CONTENT_LIKE_LAST("content_like_last"),
    /** Cosine of the terms of the candidate and those of items that were shown and not taken; 0 to 1. */
    CONTENT_LIKE_PASSED_OVER("content_like_passed_over"),
    /** How often the candidate was shown lately and not taken; log1p. */
    SHOWN_COUNT("shown_count"),
    /** How far the candidate's popularity is from the mean of the user's recent items; at least 0. */
    POPULARITY_GAP("popularity_gap"),
    /** Mean distance of the candidate's numeric attributes from those of the recent items, in standard deviations. */
    ATTRIBUTE_GAP("attribute_gap"),
    /** BM25 of the query's words against the candidate's; log1p. 0 where nothing is searched for, as the next three. */
    LEXICAL_SCORE("lexical_score"),
    /** Share of the weight of the query's words that the candidate has; 0 to 1. */
    LEXICAL_SHARE("lexical_share"),
    /** How much users took the candidate after this query; 0 to 1. */
    QUERY_ITEM_AFFINITY("query_item_affinity"),
    /** How much users took items of the candidate's leaf category after this query; 0 to 1. */
    QUERY_CATEGORY_AFFINITY("query_category_affinity"),
    /** Dot product of the vectors that the model's encoder makes of the user and of the candidate; 0 without history. */
    EMBEDDING_SCORE("embedding_score"),
    /** How likely the candidate is by it, over the likeliest item of all; 0 to 1. */
    EMBEDDING_SHARE("embedding_share"),
    /** 1 where the candidate is among the items whose vectors fit the user's best. */
    FROM_EMBEDDING("from_embedding"),
    /** 1 / (1 + days since the user bought the candidate); 0 where that is not among the recent items. */
    BOUGHT_RECENCY("bought_recency");

    private static final DenseFeature[] VALUES = values();

    /** How many floats a candidate has. */
    public static final int WIDTH = VALUES.length;

    private final String featureName;

    DenseFeature(String featureName) {
        this.featureName = featureName;
    }

    /** The name in a model's manifest. */
    public String featureName() {
        return featureName;
    }
}
