package dev.rebound.schemas.fence;

import dev.rebound.schemas.Cut;
import dev.rebound.schemas.SiteEpoch;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where an epoch begins in each partition: from its cut on, records of lower epochs are refused, also while none of the epoch
 * itself has been seen.
 *
 * @param epoch of the site that took over
 * @param cuts first offset that is refused to lower epochs, on the cluster that is read; partitions without one are not fenced
 */
public record Fence(long epoch, Map<TopicPartition, Long> cuts) {

    public Fence {
        cuts = Map.copyOf(cuts);
    }

    /** The fence of a record of the topic {@code site-epochs}. */
    public static Fence of(SiteEpoch claimed) {
        Map<TopicPartition, Long> cuts = new HashMap<>();
        for (Cut cut : claimed.getCuts()) {
            cuts.merge(new TopicPartition(cut.getTopic(), cut.getPartition()), cut.getOffset(), Math::min);
        }
        return new Fence(claimed.getEpoch(), cuts);
    }
}
