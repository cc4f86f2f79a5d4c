package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelFailedException;

/**
 * Has the shadow score what the live version has just answered, and compares the two. The shadow works on a budget, which
 * grows with the time that the live version takes: what would exceed it is left out, so that a slow shadow costs answers
 * no more than its share. A failure of it is counted and costs nothing else.
 */
final class ShadowScoring {
    /** Saved up in quiet times, the budget shall still not delay a batch for long. */
    private static final long MOST_SAVED_NANOS = 100_000_000;

    private static final double WEIGHT_OF_NEWEST = 0.2;

    private final ScoringBatch batch;
    private final RankComparison comparison;
    private final double cost;
    private double budgetNanos;
    private double nanosPerUser;
    private long users;
    private long skipped;

    /**
     * @param batch of its own
     * @param cost time of the shadow, as a multiple of the live version's
     */
    ShadowScoring(ScoringBatch batch, double cost) {
        this.batch = batch;
        this.comparison = new RankComparison(batch.features().candidates());
        this.cost = cost;
    }

    /**
     * Scores users of a batch that the live version has scored.
     *
     * @param liveNanos how long that took
     * @throws ModelFailedException if the shadow failed on them
     */
    void score(ServingVersion shadow, ScoringBatch answered, long liveNanos) throws ModelFailedException {
        budgetNanos = Math.min(budgetNanos + cost * liveNanos, MOST_SAVED_NANOS);
        int affordable = affordable(answered.size());
        skipped += answered.size() - affordable;
        if (affordable == 0) {
            return;
        }
        long start = System.nanoTime();
        try {
            batch.scoreAlso(answered, affordable, shadow.model());
            shadow.meter().passed(affordable, batch.failedUsers(), batch.passNanos());
            users += affordable;
            compare(shadow, answered, affordable);
        } catch (ModelFailedException e) {
            shadow.meter().failed(affordable);
            throw e;
        } finally {
            spent(System.nanoTime() - start, affordable);
        }
    }

    /** One that was once slow gets to show with a single user, when its debt is paid, that it no longer is. */
    private int affordable(int size) {
        if (budgetNanos <= 0) {
            return 0;
        }
        double most = nanosPerUser == 0 ? 1 : budgetNanos / nanosPerUser;
        return (int) Math.max(1, Math.min(size, most));
    }

    private void spent(long nanos, int scored) {
        budgetNanos -= nanos;
        double perUser = (double) nanos / scored;
        nanosPerUser = nanosPerUser == 0 ? perUser : nanosPerUser + WEIGHT_OF_NEWEST * (perUser - nanosPerUser);
    }

    private void compare(ServingVersion shadow, ScoringBatch answered, int scored) {
        for (int user = 0; user < scored; user++) {
            int count = answered.candidates(user).size();
            if (count > 0 && !batch.hasFailed(user)) {
                shadow.meter()
                        .compared(
                                comparison, batch.modelScores(), answered.modelScores(), answered.offset(user), count);
            }
        }
    }

    /** Users that a shadow scored. */
    long users() {
        return users;
    }

    /** Users that it was too slow for. */
    long skipped() {
        return skipped;
    }
}
