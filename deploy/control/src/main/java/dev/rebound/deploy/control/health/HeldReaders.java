package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices for how long the last stable offset of a partition has stood while there is more behind it. It always does so for the
 * time between two checkpoints.
 */
final class HeldReaders {
    /** Where a partition stands since when. A partition that is not seen for a while keeps it. */
    private final Map<TopicPartition, Mark> marks = new HashMap<>();

    private record Mark(long stable, Instant since) {}

    /**
     * @param stable last stable offsets
     * @param ends offsets behind the last record, asked for before
     * @return one for each topic: the sum of what is held back, and the longest time
     */
    List<Observation.Readers> observe(Map<TopicPartition, Long> stable, Map<TopicPartition, Long> ends, Instant now) {
        Map<String, Observation.Readers> byTopic = new TreeMap<>();
        stable.forEach((partition, offset) -> {
            long waiting = Math.max(0, ends.getOrDefault(partition, offset) - offset);
            Duration time = held(partition, offset, waiting, now);
            byTopic.merge(
                    partition.topic(),
                    new Observation.Readers(partition.topic(), waiting, time),
                    (one, other) -> new Observation.Readers(
                            one.topic(), one.records() + other.records(), longer(one.held(), other.held())));
        });
        return List.copyOf(byTopic.values());
    }

    private Duration held(TopicPartition partition, long stable, long waiting, Instant now) {
        if (waiting == 0) {
            marks.remove(partition);
            return Duration.ZERO;
        }
        Mark mark = marks.get(partition);
        if (mark == null || mark.stable() != stable) {
            mark = new Mark(stable, now);
            marks.put(partition, mark);
        }
        return longer(Duration.ZERO, Duration.between(mark.since(), now));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
