package dev.rebound.jobs;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Decodes as the Kafka source does. */
final class Decode<T> extends RichMapFunction<byte[], Decoded<T>> {
    private static final long serialVersionUID = 1L;
    private final TopicDeserializer<T> deserializer;

    Decode(TopicDeserializer<T> deserializer) {
        this.deserializer = deserializer;
    }

    @Override
    public void open(OpenContext context) {
        deserializer.open();
    }

    @Override
    public Decoded<T> map(byte[] value) {
        return deserializer.decode(new ConsumerRecord<>(
                "input",
                0,
                0,
                Shop.LATER,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                new byte[0],
                value,
                new RecordHeaders(),
                Optional.empty()));
    }
}
