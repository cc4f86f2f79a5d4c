package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.CommandFailedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Which copy a take-over starts from: the newest whose outputs have all arrived on the standby. From a newer one, outputs
 * that the mirror had not copied would never be made again; from an older one, input is only read again.
 */
final class TakeOverPoint {
    private TakeOverPoint() {}

    /**
     * Chooses one.
     *
     * @param arrived up to where the standby has the primary's topics, in the primary's offsets
     * @param isWhole whether all of a copy is still there
     * @throws CommandFailedException if there is none, saying what stands in the way of each
     */
    static StandbyPoint choose(
            List<StandbyPoint> newestFirst, Map<TopicPartition, Long> arrived, Predicate<StandbyPoint> isWhole) {
        return newestFirst.stream()
                .filter(point -> hasArrived(point, arrived))
                .filter(isWhole)
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        newestFirst.isEmpty()
                                ? "The standby has no copy of any checkpoint. Nothing can be taken over; was"
                                        + " `rebound dr standby` running?"
                                : "None of the " + newestFirst.size() + " copied checkpoints can be started from: "
                                        + obstacle(newestFirst.get(0), arrived)));
    }

    static Optional<StandbyPoint> newest(List<StandbyPoint> newestFirst, Map<TopicPartition, Long> arrived) {
        return newestFirst.stream().filter(point -> hasArrived(point, arrived)).findFirst();
    }

    static boolean hasArrived(StandbyPoint point, Map<TopicPartition, Long> arrived) {
        return point.outputEnds() != null
                && point.outputEnds().stream()
                        .allMatch(end ->
                                end.offset() == 0 || arrived.getOrDefault(end.topicPartition(), 0L) >= end.offset());
    }

    private static String obstacle(StandbyPoint point, Map<TopicPartition, Long> arrived) {
        if (hasArrived(point, arrived)) {
            return "files of the newest, " + point.id() + ", are missing in " + point.folder();
        }
        if (point.outputEnds() == null) {
            return "of the newest, " + point.id() + ", it is not known where its outputs end";
        }
        PartitionOffset missing = point.outputEnds().stream()
                .filter(end -> end.offset() > arrived.getOrDefault(end.topicPartition(), 0L))
                .findFirst()
                .orElseThrow();
        return "of the newest, " + point.id() + ", the outputs in " + missing.topicPartition() + " end at "
                + missing.offset() + ", and the mirror has copied up to "
                + arrived.getOrDefault(missing.topicPartition(), 0L);
    }
}
