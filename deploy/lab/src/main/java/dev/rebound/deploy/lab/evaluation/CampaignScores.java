package dev.rebound.deploy.lab.evaluation;

import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import java.util.Map;
import java.util.Set;

/** What one recommender's lists of campaigns were worth, to users and to campaigns. */
public final class CampaignScores implements Measured {
    /** Places in a list. */
    static final int PAGE = 10;

    /** A campaign that an even share would have shown less often says nothing of exposure. */
    private static final double LEAST_FAIR_SHOWINGS = 20;

    private final String name;
    private final Means means = new Means("recall@10", "ndcg@10", "hr@10", "mrr@10");
    private final Long2DoubleOpenHashMap fairShowings = new Long2DoubleOpenHashMap();
    private final Long2DoubleOpenHashMap showings = new Long2DoubleOpenHashMap();

    CampaignScores(String name) {
        this.name = name;
    }

    /** Notes what was shown of what could have been, redeemed or not. */
    void shown(long[] candidates, long[] list) {
        double fair = Math.min(1.0, (double) PAGE / candidates.length);
        for (long campaign : candidates) {
            fairShowings.addTo(campaign, fair);
        }
        for (int rank = 0; rank < Math.min(PAGE, list.length); rank++) {
            showings.addTo(list[rank], 1);
        }
    }

    /** Adds a list of which something was redeemed. */
    void redeemed(String userId, Set<Long> redeemed, long[] list) {
        int found = 0;
        double gain = 0;
        double ideal = 0;
        int first = Integer.MAX_VALUE;
        for (int rank = 0; rank < PAGE; rank++) {
            double discount = Math.log(2) / Math.log(rank + 2.0);
            ideal += rank < redeemed.size() ? discount : 0;
            if (rank < list.length && redeemed.contains(list[rank])) {
                found++;
                gain += discount;
                first = Math.min(first, rank);
            }
        }
        means.add("recall@10", userId, (double) found / redeemed.size());
        means.add("ndcg@10", userId, gain / ideal);
        means.add("hr@10", userId, found > 0 ? 1 : 0);
        means.add("mrr@10", userId, found > 0 ? 1.0 / (1 + first) : 0);
    }

    @Override
    public String name() {
        return name;
    }

    /** How many lists had something redeemed. */
    @Override
    public long count() {
        return means.count("recall@10");
    }

    /**
     * Values by name: the means; {@code min_exposure}, how often the campaign least shown was shown, as a part of what an
     * even share of places would be; and {@code unseen}, the share of campaigns that were never shown.
     */
    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = means.values();
        double least = Double.POSITIVE_INFINITY;
        int unseen = 0;
        for (var campaign : fairShowings.long2DoubleEntrySet()) {
            double seen = showings.get(campaign.getLongKey());
            unseen += seen == 0 ? 1 : 0;
            if (campaign.getDoubleValue() >= LEAST_FAIR_SHOWINGS) {
                least = Math.min(least, seen / campaign.getDoubleValue());
            }
        }
        metrics.put("min_exposure", Double.isInfinite(least) ? Double.NaN : least);
        metrics.put("unseen", (double) unseen / Math.max(1, fairShowings.size()));
        return metrics;
    }

    /** Half the width of the 95 % confidence interval of each mean. */
    @Override
    public Map<String, Double> ci95() {
        return means.halfWidths95();
    }
}
