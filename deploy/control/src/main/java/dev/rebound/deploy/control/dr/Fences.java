package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.TopicNames;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.Cut;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.SiteEpoch;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Tells readers, on the topic of epochs, from which offsets on what the primary wrote is not to be believed. */
public final class Fences {
    private final KafkaCluster kafka;
    private final String topicPrefix;

    Fences(KafkaCluster kafka, String topicPrefix) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
    }

    /** Makes the topic, which is no copy of the primary's: what is told there holds for one cluster. */
    void prepare(TopicSettings topics) {
        KafkaTopics.create(kafka, topics.withPrefix(topicPrefix), List.of(Topic.SITE_EPOCHS));
    }

    /** All that was told, for a reader of the same brokers; empty where nothing ever was. */
    public static List<SiteEpoch> read(KafkaCluster kafka, String topicPrefix) {
        String topic = Topic.SITE_EPOCHS.topicName(topicPrefix);
        RecordCodec<SiteEpoch> codec = RecordCodec.of(SiteEpoch.class);
        List<SiteEpoch> epochs = new ArrayList<>();
        if (!TopicNames.exist(kafka, topic)) {
            return epochs;
        }
        try (TopicReader reader = new TopicReader(kafka, List.of(topic))) {
            reader.readToEnd(record -> {
                try {
                    epochs.add(codec.decode(record.value(), null));
                } catch (UndecodableRecordException e) {
                    throw new CommandFailedException(
                            "Offset " + record.offset() + " of " + topic + " is no epoch: " + e.getMessage(), e);
                }
            });
        }
        return epochs;
    }

    /** Said again, it says the same. */
    void tell(EpochClaims.Claim claim, List<PartitionOffset> cuts) {
        SiteEpoch epoch = SiteEpoch.newBuilder()
                .setEpoch(claim.epoch())
                .setSite(claim.site())
                .setClaimedAt(claim.claimedAt().toEpochMilli())
                .setClaimedBy(claim.claimedBy())
                .setCuts(cuts.stream()
                        .map(each -> Cut.newBuilder()
                                .setTopic(each.topic())
                                .setPartition(each.partition())
                                .setOffset(each.offset())
                                .build())
                        .toList())
                .build();
        byte[] key = String.valueOf(claim.epoch()).getBytes(StandardCharsets.US_ASCII);
        Map<String, Object> own = Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.LINGER_MS_CONFIG, 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.client(own), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topic.SITE_EPOCHS.topicName(topicPrefix),
                            key,
                            RecordCodec.of(SiteEpoch.class).encode(epoch)))
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't tell readers of epoch " + claim.epoch() + " on " + kafka + ": " + InnermostCause.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while telling readers of the epoch", e);
        }
    }
}
