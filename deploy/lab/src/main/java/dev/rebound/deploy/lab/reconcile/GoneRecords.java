package dev.rebound.deploy.lab.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the retention of a topic has taken away before it could be read. */
final class GoneRecords {
    /** In the place of a time where nothing is left. */
    private static final long ALL = Long.MAX_VALUE;

    private record Begin(long offset, long millis) {}

    private final String kind;
    private final Map<TopicPartition, Begin> begins =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

    /** @param kind input or output */
    GoneRecords(String kind) {
        this.kind = kind;
    }

    /** Notes that a partition begins with that offset. */
    void before(TopicPartition partition, long offset) {
        if (offset > 0) {
            begins.put(partition, new Begin(offset, ALL));
        }
    }

    /** Notes a record, of which the first of a partition tells until when records are gone. */
    void read(ConsumerRecord<byte[], byte[]> record) {
        if (begins.isEmpty()) {
            return;
        }
        begins.computeIfPresent(
                new TopicPartition(record.topic(), record.partition()),
                (partition, begin) -> begin.millis() == ALL ? new Begin(begin.offset(), record.timestamp()) : begin);
    }

    boolean isEmpty() {
        return begins.isEmpty();
    }

    boolean of(int partition) {
        return begins.keySet().stream().anyMatch(each -> each.partition() == partition);
    }

    /** Broker time until which records may be gone; Long.MIN_VALUE if none are. */
    long untilMillis() {
        return begins.values().stream().mapToLong(Begin::millis).max().orElse(Long.MIN_VALUE);
    }

    /** Adds a line for each partition of which something is gone. */
    void into(List<String> unchecked) {
        begins.forEach((partition, begin) -> unchecked.add(kind + " of " + partition + " is gone from offset 0 to "
                + (begin.offset() - 1)
                + (begin.millis() == ALL
                        ? ", all that there was"
                        : ", the first that is left is of " + Instant.ofEpochMilli(begin.millis()))
                + ": what was before can't be checked"));
    }
}
