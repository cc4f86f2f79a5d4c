package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Has the primary's events begin at other offsets than the standby's will: as after some retention, and nobody may rely on them. */
final class ShiftedOffsets {
    private static final int MOST_RECORDS = 5_000;
    private static final List<Topic> INPUTS = List.of(Topic.BEHAVIOUR_EVENTS, Topic.RECOMMENDATION_REQUESTS);

    private final String topicPrefix;

    ShiftedOffsets(String topicPrefix) {
        this.topicPrefix = topicPrefix;
    }

    /** Sends some records and has them deleted, before there is a job or a mirror. */
    void shift(LocalStack site, ShopGenerator shop, SplittableRandom random) {
        KafkaTopics.create(site.kafka(), site.topics());
        try (FeedSender sender = new FeedSender(site.kafka(), topicPrefix);
                Stream<FeedRecord> feed = shop.feed()) {
            sender.send(
                    feed.filter(record -> INPUTS.contains(record.topic()))
                            .limit(1 + random.nextInt(MOST_RECORDS))
                            .iterator(),
                    0,
                    sent -> {});
        }
        try (Admin admin = site.kafka().admin()) {
            admin.deleteRecords(all(admin)).all().get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't delete records of " + site.name() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while records were deleted", e);
        }
    }

    /**
     * Has the job's group on the standby stand at the ends of the topics, ahead of any copied state: whoever began to read there
     * would lose what lies between.
     */
    void misleadGroup(KafkaCluster standby) {
        try (Admin admin = standby.admin()) {
            Map<TopicPartition, OffsetAndMetadata> ahead = new HashMap<>();
            ends(admin).forEach((partition, end) -> ahead.put(partition, new OffsetAndMetadata(end)));
            admin.alterConsumerGroupOffsets(JobOptions.GROUP_ID.defaultValue(), ahead)
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't commit offsets on " + standby + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while offsets were committed", e);
        }
    }

    private Map<TopicPartition, RecordsToDelete> all(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        ends(admin).forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
        return all;
    }

    private Map<TopicPartition, Long> ends(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        List<String> topics =
                INPUTS.stream().map(topic -> topic.topicName(topicPrefix)).toList();
        for (TopicDescription topic :
                admin.describeTopics(topics).allTopicNames().get().values()) {
            topic.partitions()
                    .forEach(
                            each -> asked.put(new TopicPartition(topic.name(), each.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(asked).all().get().entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }
}
