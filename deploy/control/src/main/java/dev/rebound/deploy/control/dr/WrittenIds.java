package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.fence.EpochFilter;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * The ids of outputs that the standby has from the primary and that the job, which starts from a state of before them, will
 * make again. Written to a file that the job is given, so that nobody gets one twice.
 */
final class WrittenIds {
    private final KafkaCluster kafka;
    private final PartitionEnds ends;
    private final EpochFilter filter;

    /** @param filter of the standby's readers: an output that they refuse has to be made again */
    WrittenIds(KafkaCluster kafka, PartitionEnds ends, EpochFilter filter) {
        this.kafka = kafka;
        this.ends = ends;
        this.filter = filter;
    }

    /**
     * Finds them.
     *
     * @param sinceMillis no output that is to be found was made before
     */
    Set<Long> find(Collection<String> topics, long sinceMillis) {
        Set<TopicPartition> partitions = ends.partitions(topics);
        Map<TopicPartition, Long> until = ends.stable(partitions);
        Map<TopicPartition, Long> from = ends.notBefore(partitions, sinceMillis);
        Set<Long> ids = new HashSet<>();
        try (TopicReader reader = new TopicReader(kafka, topics)) {
            reader.from(from).readTo(until, record -> {
                // The tombstone of an erased user may come again: it says the same.
                if (filter.accept(record) && record.value() != null) {
                    ids.add(id(record));
                }
            });
        }
        return ids;
    }

    private static long id(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(OutputHeaders.ID);
        if (header == null) {
            throw new CommandFailedException(
                    record.topic() + "-" + record.partition() + " has at offset "
                            + record.offset() + " a record without the header " + OutputHeaders.ID
                            + ": the primary's job is older than take-overs are. Upgrade it first: rebound job submit --upgrade");
        }
        return OutputHeaders.idOf(header.value());
    }

    /** Writes them as 64-bit numbers, big-endian, and nothing else. */
    static void write(Collection<Long> ids, Path file) {
        try {
            file.getFileSystem().mkdirs(file.getParent());
            try (FSDataOutputStream out = file.getFileSystem().create(file, WriteMode.OVERWRITE);
                    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out))) {
                for (long id : List.copyOf(ids)) {
                    data.writeLong(id);
                }
                data.flush();
                out.sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the ids of outputs to " + file, e);
        }
    }
}
