package dev.rebound.schemas.fence;

import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.SiteEpoch;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Tells a reader which output records count after a take-over: in each partition, those of the highest epoch that was seen
 * or fenced, and not what a site still writes that was taken over.
 *
 * <p>A record is refused if its epoch is lower than one before it in its partition, or if a {@link Fence} of a higher epoch
 * is at or before its offset. One without the header is of epoch 0, as those are from before there were headers. One whose
 * header is no number is refused: it cannot show that it is of a site in force, and an exception would stop the reader at it.
 *
 * <p>Records have to come in the order of their offsets. What was seen is as important as the reader's offsets: keep {@link
 * #highest()} with them, or begin with the fences. Not thread-safe: one a consumer.
 */
public final class EpochFilter {
    private final Map<TopicPartition, Long> highest = new HashMap<>();
    /** By partition, the epoch that is required from each cut on. */
    private final Map<TopicPartition, NavigableMap<Long, Long>> required = new HashMap<>();

    private long refused;
    private @Nullable Refusal firstRefusal;

    /** Knows of no take-over yet. */
    public EpochFilter() {}

    /** Knows these take-overs. */
    public static EpochFilter of(Iterable<SiteEpoch> epochs) {
        EpochFilter filter = new EpochFilter();
        for (SiteEpoch epoch : epochs) {
            filter.add(Fence.of(epoch));
        }
        return filter;
    }

    /** Goes on with what a reader had seen before, as {@link #highest()} told it. */
    public EpochFilter restore(Map<TopicPartition, Long> seen) {
        seen.forEach((partition, epoch) -> highest.merge(partition, epoch, Math::max));
        return this;
    }

    /** Takes up a fence; adding it again changes nothing. */
    public void add(Fence fence) {
        fence.cuts()
                .forEach((partition, cut) -> required.computeIfAbsent(partition, p -> new TreeMap<>())
                        .merge(cut, fence.epoch(), Math::max));
    }

    /** Whether a record counts; it is noted either way. */
    public boolean accept(ConsumerRecord<?, ?> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        long seen = highest.getOrDefault(partition, 0L);
        long least = Math.max(seen, fenced(partition, record.offset()));
        Header header = record.headers().lastHeader(OutputHeaders.SITE_EPOCH);
        long epoch;
        try {
            epoch = header == null ? 0 : OutputHeaders.epochOf(header.value());
        } catch (NumberFormatException e) {
            refuse(record, Refusal.UNREADABLE, least);
            return false;
        }
        if (epoch < least) {
            refuse(record, epoch, least);
            return false;
        }
        if (epoch > seen) {
            highest.put(partition, epoch);
        }
        return true;
    }

    private long fenced(TopicPartition partition, long offset) {
        NavigableMap<Long, Long> cuts = required.get(partition);
        if (cuts == null) {
            return 0;
        }
        long least = 0;
        for (long epoch : cuts.headMap(offset, true).values()) {
            least = Math.max(least, epoch);
        }
        return least;
    }

    private void refuse(ConsumerRecord<?, ?> record, long epoch, long least) {
        refused++;
        if (firstRefusal == null) {
            firstRefusal = new Refusal(record.topic(), record.partition(), record.offset(), epoch, least);
        }
    }

    /** The highest epoch that was seen in each partition where any was, to be kept with the reader's offsets. */
    public Map<TopicPartition, Long> highest() {
        return Map.copyOf(highest);
    }

    /** How many records were refused. */
    public long refused() {
        return refused;
    }

    /** The first record that was refused, for a line of a log. */
    public Optional<Refusal> firstRefusal() {
        return Optional.ofNullable(firstRefusal);
    }

    /**
     * A record that was refused.
     *
     * @param epoch its own; {@link #UNREADABLE} where its header is no number
     * @param highest the epoch that it would have to be of, or a higher one
     */
    public record Refusal(String topic, int partition, long offset, long epoch, long highest) {
        /** The epoch of a record whose header is no number. */
        public static final long UNREADABLE = -1;

        @Override
        public String toString() {
            String of = epoch == UNREADABLE
                    ? "has a header " + OutputHeaders.SITE_EPOCH + " that is no number"
                    : "is of epoch " + epoch;
            return topic + "-" + partition + "@" + offset + " " + of + ", where " + highest + " is the highest";
        }
    }
}
