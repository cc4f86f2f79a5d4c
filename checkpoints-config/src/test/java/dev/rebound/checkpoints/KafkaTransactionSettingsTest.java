package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTransactionSettingsTest {
    private static final KafkaTransactionSettings SETTINGS = KafkaTransactionSettings.forSite("site-a");

    static Stream<Properties> producers() {
        return Stream.of(SETTINGS.exactlyOnceProducer(), SETTINGS.atLeastOnceProducer());
    }

    @Test
    void aPrefixNamesSiteJobAndSink() {
        assertThat(SETTINGS.prefix("recommendation", "user-profiles"))
                .isEqualTo("site-a.recommendation.user-profiles.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.side", "", "Out", "out_side", "-out"})
    void aNameThatCouldMakeOnePrefixTheBeginningOfAnotherIsRefused(String sink) {
        assertThatThrownBy(() -> SETTINGS.prefix("recommendation", sink))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + sink + "'");
    }

    @Test
    void aTimeoutOfZeroIsRefused() {
        assertThatThrownBy(() -> new KafkaTransactionSettings("a", Duration.ZERO, Duration.ofMinutes(1)))
                .hasMessageContaining("transactionTimeout");
    }

    // Kafka's own configuration classes refuse combinations that cannot work, such as a delivery
    // timeout shorter than linger and request timeout together.
    @ParameterizedTest
    @MethodSource("producers")
    void kafkaAcceptsTheProducerProperties(Properties properties) {
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9092");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());

        ProducerConfig parsed = new ProducerConfig(properties);

        assertThat(parsed.getBoolean(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)).isTrue();
        assertThat(parsed.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG))
                .isGreaterThan(parsed.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG));
    }

    @Test
    void aReaderSeesCommittedRecordsOnly() {
        Properties properties = SETTINGS.readCommittedConsumer();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9092");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());

        assertThat(new ConsumerConfig(properties).getString(ConsumerConfig.ISOLATION_LEVEL_CONFIG))
                .isEqualTo("read_committed");
    }
}
