package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.dr.StandbyPoint.SourcePosition;
import dev.rebound.deploy.site.CommandFailedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a job that starts from a copied checkpoint reads on, in the standby's offsets. A mirrored topic has other offsets
 * than its original. What is known of both for the same record is the mirror's to tell, now and then: reading begins at the
 * last such record before the place. What is read again is known by its id, and dropped.
 */
final class SourceStarts {
    private final Map<TopicPartition, NavigableMap<Long, Long>> syncs;
    private final PartitionEnds standby;
    private final Duration duplicateWindow;
    private final Map<TopicPartition, Long> floor;

    /**
     * @param syncs by partition, offsets on the primary and those of the same records on the standby
     * @param duplicateWindow for how long the job knows the ids of what it has read
     * @param floor offsets on the standby before which the job has read all that it may ever read, see {@link RejoinPoint}
     */
    SourceStarts(
            Map<TopicPartition, NavigableMap<Long, Long>> syncs,
            PartitionEnds standby,
            Duration duplicateWindow,
            Map<TopicPartition, Long> floor) {
        this.syncs = syncs;
        this.standby = standby;
        this.duplicateWindow = duplicateWindow;
        this.floor = floor;
    }

    /**
     * The first offset to read of each partition. Producers may have moved before the job: what they sent here lies among the last
     * that was copied, and maybe before the place where the job reads on.
     *
     * @param primary whose records the mirror copies
     * @throws CommandFailedException as {@link #ofCopies}
     */
    Map<TopicPartition, Long> withOwnRecords(StandbyPoint point, String primary) {
        Map<TopicPartition, Long> starts = new HashMap<>(ofCopies(point));
        Map<TopicPartition, Long> from = new HashMap<>(
                standby.notBefore(starts.keySet(), point.outputsSince().toEpochMilli()));
        from.replaceAll((partition, offset) -> Math.max(offset, floor.getOrDefault(partition, 0L)));
        Map<TopicPartition, Long> own = standby.firstRecords(from, primary);
        starts.replaceAll((partition, start) -> Math.min(start, own.get(partition)));
        return starts;
    }

    /**
     * The first offset to read of each partition, where all of its records are copies.
     *
     * @throws CommandFailedException if a place is no longer there, or so much would be read again that the job would no
     *     longer know it
     */
    Map<TopicPartition, Long> ofCopies(StandbyPoint point) {
        Set<TopicPartition> partitions = new HashSet<>();
        point.sources().forEach(each -> partitions.add(partition(each)));
        Map<TopicPartition, Long> begins = standby.beginnings(partitions);
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (SourcePosition source : point.sources()) {
            TopicPartition partition = partition(source);
            Map.Entry<Long, Long> sync =
                    syncs.getOrDefault(partition, new TreeMap<>()).floorEntry(source.offset());
            long start = sync != null ? sync.getValue() : byTime(partition, source, point, begins.get(partition));
            starts.put(partition, Math.max(start, floor.getOrDefault(partition, 0L)));
        }
        requireThere(starts, begins);
        return starts;
    }

    private static TopicPartition partition(SourcePosition source) {
        return new TopicPartition(source.topic(), source.partition());
    }

    /** By the record's time, less what may lie between: records need not be in the order of their times. */
    private long byTime(TopicPartition partition, SourcePosition source, StandbyPoint point, long begin) {
        if (source.timestampMillis() < 0) {
            return begin;
        }
        Duration back = Duration.ofMillis((long) (point.intervalSeconds() * 2_000));
        if (back.compareTo(duplicateWindow) > 0) {
            throw new CommandFailedException("The mirror tells no offset of " + partition + " at or before "
                    + source.offset() + ", and reading again the two checkpoint intervals before it, "
                    + back.toSeconds()
                    + " s, is more than the job's window of duplicates, " + duplicateWindow.toSeconds()
                    + " s: events would count twice. Submit with a longer --dedup.window");
        }
        long from = source.timestampMillis() - back.toMillis();
        return Math.max(begin, standby.notBefore(List.of(partition), from).get(partition));
    }

    private static void requireThere(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> begins) {
        starts.forEach((partition, start) -> {
            if (start < begins.get(partition)) {
                throw new CommandFailedException("The job has to read " + partition + " on from offset " + start
                        + ", and the standby has it from " + begins.get(partition) + " on only: the records between are"
                        + " lost to it. Give the topic a longer retention on the standby; an older copy does not help");
            }
        });
    }
}
