package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts what a person should know of on the topic {@code alerts}. */
public final class AlertSender {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private AlertSender() {}

    /**
     * Sends an alert.
     *
     * @param siteEpoch of the site that it is of
     * @throws CommandFailedException if Kafka does not take it in time
     */
    public static void send(KafkaCluster kafka, String topicPrefix, long siteEpoch, Alert alert) {
        String topic = Topic.ALERTS.topicName(topicPrefix);
        Map<String, Object> settings = kafka.client(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE.toMillis()));
        byte[] key = (alert.getComponent() + "/" + alert.getSubject()).getBytes(StandardCharsets.UTF_8);
        byte[] value = RecordCodec.of(Alert.class).encode(alert);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
            record.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(siteEpoch));
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + kafka + " did not take the alert on " + topic + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while sending an alert to " + topic, e);
        }
    }
}
