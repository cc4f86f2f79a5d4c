package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.RecommendationJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a take-over would find now.
 *
 * @param primaryEpoch null where the primary's files can't be reached
 * @param standbyEpoch of the last take-over by the standby, else the one that it was described with
 * @param lags of the mirror, by topic; null where the primary can't tell
 * @param lagsUnknown why it can't; null where it can
 * @param copies checkpoints of the primary that the standby has
 * @param usableAgeSeconds how old the newest is that a take-over could start from; null if there is none
 * @param rehearsedAt when a take-over with a copy of that job was rehearsed last; null if it was not
 * @param rehearsedSeconds how long the job took then, from the search for its offsets to its first checkpoint; null if it failed
 * @param rpoSeconds for how long inputs have not arrived that would be lost with the primary; null where the lag is unknown
 * @param copiedBytes of all copies, each file counted once
 * @param inTheWay what keeps the standby from taking over, empty if nothing does
 * @param warnings what makes a take-over lose or repeat more than it need to
 */
public record StandbyStatus(
        String primary,
        String standby,
        @Nullable Long primaryEpoch,
        long standbyEpoch,
        @Nullable List<TopicLag> lags,
        @Nullable String lagsUnknown,
        int copies,
        @Nullable Double usableAgeSeconds,
        @Nullable String rehearsedAt,
        @Nullable Double rehearsedSeconds,
        @Nullable Double rpoSeconds,
        long copiedBytes,
        List<String> inTheWay,
        List<String> warnings) {

    /** A copy that is older than so many checkpoints was not followed by those that should have come since. */
    private static final int CHECKPOINTS_MISSED = 6;

    /** @param seconds since the first record came that has not arrived; 0 where all have */
    public record TopicLag(String topic, long records, double seconds) {}

    /** Looks at both sites; the primary may be gone. */
    public static StandbyStatus of(Site primary, Site standby, StandbyMirror mirror) {
        List<String> inTheWay = new ArrayList<>();
        StandbyCatalog catalog = new StandbyCatalog(standby.files().root());
        long standbyEpoch = new EpochClaims(standby).current();
        List<StandbyPoint> points = catalog.usable().stream()
                .filter(point -> point.epoch() >= standbyEpoch)
                .toList();
        Map<TopicPartition, Long> arrived = mirror.positions();
        Optional<StandbyPoint> usable = TakeOverPoint.newest(points, arrived);
        if (usable.isEmpty()) {
            inTheWay.add(
                    points.isEmpty()
                            ? "no checkpoint of the primary has been copied in its epoch"
                            : "of no copied checkpoint all outputs are known to have arrived");
        }
        if (new EpochClaims(standby)
                .isUnderWay(points.stream().mapToLong(StandbyPoint::epoch).max().orElse(standbyEpoch))) {
            inTheWay.add("a take-over was begun and is not done: repeat its command");
        }
        if (runs(standby)) {
            inTheWay.add("a " + RecommendationJob.JOB_NAME + " runs on " + standby.name());
        }
        Lags lags = lags(primary, standby.name(), mirror);
        Optional<Rehearsal.Result> rehearsal =
                usable.flatMap(point -> Rehearsal.last(standby.files().root(), point.jobId()));
        return new StandbyStatus(
                primary.name(),
                standby.name(),
                primaryEpoch(primary),
                standbyEpoch,
                lags.known(),
                lags.unknown(),
                points.size(),
                usable.map(point -> age(point.triggeredAt())).orElse(null),
                rehearsal.map(last -> last.at().toString()).orElse(null),
                rehearsal
                        .filter(last -> last.problem() == null)
                        .map(Rehearsal.Result::seconds)
                        .orElse(null),
                lags.ofInputs(primary.topics().prefix()),
                points.stream().mapToLong(StandbyPoint::bytes).sum(),
                inTheWay,
                warnings(mirror, usable, rehearsal, catalog.damaged()));
    }

    private static List<String> warnings(
            StandbyMirror mirror,
            Optional<StandbyPoint> usable,
            Optional<Rehearsal.Result> rehearsal,
            List<Path> damaged) {
        List<String> warnings = new ArrayList<>();
        usable.flatMap(point -> notRehearsed(rehearsal)).ifPresent(warnings::add);
        mirror.problem().ifPresent(problem -> warnings.add("the mirror does not copy: " + problem));
        damaged.forEach(
                record -> warnings.add("the record of a copy can't be read, so that it is not used: " + record));
        usable.filter(point -> age(point.triggeredAt()) > CHECKPOINTS_MISSED * Math.max(1, point.intervalSeconds()))
                .ifPresent(point -> warnings.add(String.format(
                        Locale.ROOT,
                        "the newest state to start from is %.0f s old, though the job takes a checkpoint every %.0f s: see"
                                + " what `rebound dr standby` says",
                        age(point.triggeredAt()),
                        point.intervalSeconds())));
        return warnings;
    }

    private static Optional<String> notRehearsed(Optional<Rehearsal.Result> rehearsal) {
        return rehearsal.isEmpty()
                ? Optional.of("no copy of the job that runs on the primary was rehearsed yet")
                : rehearsal
                        .filter(last -> last.problem() != null)
                        .map(last -> "the rehearsal of checkpoint " + last.checkpointId() + " failed at " + last.at()
                                + ": " + last.problem());
    }

    private static double age(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1e3;
    }

    private static boolean runs(Site site) {
        return site.flink().rest().jobs().stream()
                .anyMatch(job -> job.name().equals(RecommendationJob.JOB_NAME) && !job.ended());
    }

    private static @Nullable Long primaryEpoch(Site primary) {
        try {
            return new EpochClaims(primary).current();
        } catch (RuntimeException e) {
            // Gone, or cut off: that is what this command is for.
            return null;
        }
    }

    private record Lags(
            @Nullable List<TopicLag> known, @Nullable String unknown) {

        @Nullable
        Double ofInputs(String prefix) {
            if (known == null) {
                return null;
            }
            List<String> inputs = SiteTopics.inputs(prefix);
            return known.stream()
                    .filter(lag -> inputs.contains(lag.topic()))
                    .mapToDouble(TopicLag::seconds)
                    .max()
                    .orElse(0);
        }
    }

    private static Lags lags(Site primary, String standby, StandbyMirror mirror) {
        String prefix = primary.topics().prefix();
        List<String> topics = new ArrayList<>(SiteTopics.inputs(prefix));
        topics.addAll(SiteTopics.outputs(prefix));
        try (PartitionEnds kafka = new PartitionEnds(primary.kafka())) {
            Set<TopicPartition> partitions = kafka.partitions(topics);
            Map<TopicPartition, Long> begins = kafka.beginnings(partitions);
            // The ends first: what comes while the positions are looked for has had no time to arrive.
            Map<TopicPartition, Long> ends = kafka.afterLastRecords(partitions, standby);
            Map<TopicPartition, Long> missing = missing(ends, begins, mirror.positions());
            return new Lags(lags(kafka, topics, ends, missing, Instant.now()), null);
        } catch (KafkaException | CommandFailedException e) {
            return new Lags(null, String.valueOf(e.getMessage()));
        }
    }

    /** The first offsets that have not arrived, of partitions where there are any. */
    private static Map<TopicPartition, Long> missing(
            Map<TopicPartition, Long> ends, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> arrived) {
        Map<TopicPartition, Long> missing = new HashMap<>();
        ends.forEach((partition, end) -> {
            long at = Math.max(arrived.getOrDefault(partition, 0L), begins.get(partition));
            if (end > at) {
                missing.put(partition, at);
            }
        });
        return missing;
    }

    private static List<TopicLag> lags(
            PartitionEnds kafka,
            Collection<String> topics,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> missing,
            Instant seenAt) {
        Map<String, Long> records = new HashMap<>();
        missing.forEach((partition, first) -> records.merge(partition.topic(), ends.get(partition) - first, Long::sum));
        Map<TopicPartition, Long> times = kafka.timestampsFrom(missing);
        return topics.stream()
                .map(topic -> new TopicLag(
                        topic,
                        records.getOrDefault(topic, 0L),
                        times.entrySet().stream()
                                .filter(each -> each.getKey().topic().equals(topic))
                                .mapToDouble(each -> Math.max(0, seenAt.toEpochMilli() - each.getValue()) / 1e3)
                                .max()
                                .orElse(0)))
                .toList();
    }
}
