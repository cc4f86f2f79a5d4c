package dev.rebound.operators.scoring;

import dev.rebound.operators.ranking.PolicySettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * What the scoring operator is told.
 *
 * @param batchSize most users in a batch
 * @param maxDelay how long a user waits at most for the batch to fill
 * @param candidates candidates a user, at most
 * @param policy what is shown of what was scored
 * @param siteEpoch marks every output
 * @param exposureFloor part of an even share of exposure that each campaign is to have, 0 to 1
 * @param shadowCost time that the shadow may take, as a multiple of what the live version takes
 * @param mostWait of tasks since their event or request, above which work is left out; zero for never
 * @param replayAge from which on such a wait says nothing
 */
public record ScoringSettings(
        int batchSize,
        Duration maxDelay,
        int candidates,
        PolicySettings policy,
        long siteEpoch,
        double exposureFloor,
        double shadowCost,
        Duration mostWait,
        Duration replayAge)
        implements Serializable {

    /** The same with batches of another size. */
    public ScoringSettings withBatches(int size, Duration delay) {
        return new ScoringSettings(
                size, delay, candidates, policy, siteEpoch, exposureFloor, shadowCost, mostWait, replayAge);
    }
}
