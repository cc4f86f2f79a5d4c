package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.dr.TakeOverJournal.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a take-over did and what it could not save.
 *
 * @param seconds from the first attempt's beginning to the first committed outputs
 * @param checkpointId of the primary's job, which the state is of
 * @param stateAgeSeconds how old that checkpoint was; what came since was read again
 * @param writtenBefore outputs of the primary that were not made again
 * @param lostInputs how many records the primary had taken, when it was last looked at, that did not arrive; by topic, only
 *     where there are any
 * @param primarySeenAt when it was last looked at; what it took after that, nobody knows until it is back. Null if never
 */
public record TakeOverReport(
        String site,
        long epoch,
        String jobId,
        double seconds,
        long checkpointId,
        double stateAgeSeconds,
        long writtenBefore,
        List<LostInputs> lostInputs,
        @Nullable Instant primarySeenAt,
        List<Step> steps) {

    /** A step and how long it took, in all attempts. */
    public record Step(String name, double seconds) {}

    /** Records of a topic that did not arrive. */
    public record LostInputs(String topic, long records) {}

    static TakeOverReport of(
            String site, long epoch, TakeOverJournal journal, Optional<PrimaryEnds> primary, String topicPrefix) {
        Content content = journal.content();
        StandbyPoint point = Objects.requireNonNull(content.point);
        Map<TopicPartition, Long> arrived = PartitionOffset.mapOf(Objects.requireNonNull(content.arrived));
        return new TakeOverReport(
                site,
                epoch,
                Objects.requireNonNull(content.jobId),
                seconds(content.begunAt, Objects.requireNonNull(content.committedAt)),
                point.checkpointId(),
                Math.max(0, seconds(point.triggeredAt(), content.begunAt)),
                Objects.requireNonNull(content.writtenBefore),
                lost(arrived, primary, topicPrefix),
                primary.map(PrimaryEnds::seenAt).orElse(null),
                journal.steps());
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    static List<LostInputs> lost(Map<TopicPartition, Long> arrived, Optional<PrimaryEnds> primary, String topicPrefix) {
        List<LostInputs> lost = new ArrayList<>();
        for (String topic : SiteTopics.inputs(topicPrefix)) {
            long records = primary.stream()
                    .flatMap(each -> each.ends().stream())
                    .filter(end -> end.topic().equals(topic))
                    .mapToLong(end -> Math.max(0, end.offset() - arrived.getOrDefault(end.topicPartition(), 0L)))
                    .sum();
            if (records > 0) {
                lost.add(new LostInputs(topic, records));
            }
        }
        return lost;
    }
}
