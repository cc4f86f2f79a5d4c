package dev.rebound.deploy.lab.reconcile;

import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Which records of the inputs were read, so that nothing is said of others. 16 bytes a range without gaps. */
final class ReadOffsets {
    private final Map<TopicPartition, Ranges> byPartition = new HashMap<>();

    /** In the order of the partition. Returns whether offsets before it, from the last one read on, are missing. */
    boolean add(ConsumerRecord<byte[], byte[]> record) {
        return byPartition
                .computeIfAbsent(new TopicPartition(record.topic(), record.partition()), p -> new Ranges())
                .add(record.offset());
    }

    boolean contains(Position position) {
        Ranges ranges = byPartition.get(new TopicPartition(position.topic(), position.partition()));
        return ranges != null && ranges.contains(position.offset());
    }

    private static final class Ranges {
        private final LongArrayList begins = new LongArrayList();
        private final LongArrayList ends = new LongArrayList();

        private boolean add(long offset) {
            int last = ends.size() - 1;
            if (last >= 0 && ends.getLong(last) == offset) {
                ends.set(last, offset + 1);
                return false;
            }
            begins.add(offset);
            ends.add(offset + 1);
            return last >= 0 || offset > 0;
        }

        private boolean contains(long offset) {
            int low = 0;
            int high = begins.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (offset < begins.getLong(middle)) {
                    high = middle - 1;
                } else if (offset >= ends.getLong(middle)) {
                    low = middle + 1;
                } else {
                    return true;
                }
            }
            return false;
        }
    }
}
