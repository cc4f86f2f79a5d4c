package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a job's sources are, by the offsets that they commit with each checkpoint. */
public final class GroupProgress implements AutoCloseable {
    private final Admin admin;
    private final String groupId;

    public GroupProgress(KafkaCluster kafka, String groupId) {
        this.admin = kafka.admin();
        this.groupId = groupId;
    }

    /** How many offsets are left before these ends; a partition without a committed offset counts from 0. */
    public long lag(Map<TopicPartition, Long> ends) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(groupId)
                    .partitionsToOffsetAndMetadata()
                    .get();
            long lag = 0;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                OffsetAndMetadata at = committed.get(end.getKey());
                lag += Math.max(0, end.getValue() - (at == null ? 0 : at.offset()));
            }
            return lag;
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't read the offsets of group " + groupId + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while reading the offsets of group " + groupId, e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
