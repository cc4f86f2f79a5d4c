package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.fence.EpochFilter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which epochs of the site outputs carry: they never fall within a partition, and none is newer than the job's. What readers
 * refuse by its header is no output to them, and is told of as such.
 */
final class SiteEpochs {
    private final Map<TopicPartition, Long> highest = new HashMap<>();
    private final TreeMap<Long, Newest> byEpoch = new TreeMap<>();
    private final Tally fallen = new Tally("output records are of an older siteEpoch than one before them, so that"
            + " readers refuse them: a site that was taken over still writes");

    private final EpochFilter readers = new EpochFilter();

    private static final class Newest {
        private long count;
        private long producedMillis = Long.MIN_VALUE;
        private String example = "";
    }

    /** Whether readers take a record, by its header. */
    boolean isTaken(ConsumerRecord<byte[], byte[]> record) {
        return readers.accept(record);
    }

    void see(ConsumerRecord<byte[], byte[]> record, long epoch, long producedMillis) {
        Newest newest = byEpoch.computeIfAbsent(epoch, e -> new Newest());
        newest.count++;
        if (producedMillis > newest.producedMillis) {
            newest.producedMillis = producedMillis;
            newest.example = Position.of(record).toString();
        }
        long before = highest.merge(new TopicPartition(record.topic(), record.partition()), epoch, Math::max);
        if (epoch < before) {
            fallen.add(() -> Position.of(record) + " of epoch " + epoch + " after " + before);
        }
    }

    /** Adds what is wrong with the outputs of a job and of those before it. */
    void into(JobTerms job, List<String> findings) {
        fallen.into(findings);
        readers.firstRefusal()
                .ifPresent(first -> findings.add(readers.refused()
                        + " output records are refused by readers, by the header with their siteEpoch, such as " + first
                        + ": a site that was taken over still writes"));
        long clocksApart = CatalogTimeline.TOLERANCE.toMillis();
        byEpoch.forEach((epoch, newest) -> {
            boolean older = epoch < job.siteEpoch() && newest.producedMillis > job.startedMillis() + clocksApart;
            if (epoch > job.siteEpoch() || older) {
                findings.add(newest.count + " output records are of siteEpoch " + epoch + ", the job's is "
                        + job.siteEpoch() + ", such as " + newest.example + " of "
                        + Instant.ofEpochMilli(newest.producedMillis)
                        + ": another site writes to these topics, or the job was started with a wrong --site.epoch");
            }
        });
    }
}
