package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.retraining.ExampleSignal;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes and validates training examples; a record without a value erases its user. */
final class ExampleReader implements RecordReader<ExampleSignal> {
    private static final long serialVersionUID = 1L;

    private transient RecordCodec<TrainingExample> codec;
    private transient TrainingExample example;
    private transient ExampleSignal signal;

    @Override
    public void open() {
        codec = RecordCodec.of(TrainingExample.class);
        example = new TrainingExample();
        signal = new ExampleSignal();
    }

    @Override
    public ExampleSignal read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        return record.value() == null ? erasure(record.key()) : example(record.value());
    }

    private ExampleSignal erasure(byte[] key) throws InvalidRecordException {
        if (key == null) {
            throw new InvalidRecordException(DeadLetterReason.MISSING_FIELD, "an erasure has no userId as its key");
        }
        signal.userId = requireId("userId", new String(key, StandardCharsets.UTF_8));
        signal.value = null;
        signal.recommendationId = "";
        signal.itemId = "";
        signal.width = 0;
        signal.labelled = false;
        return signal;
    }

    private ExampleSignal example(byte[] value) throws UndecodableRecordException, InvalidRecordException {
        example = codec.decode(value, example);
        signal.userId = requireId("userId", example.getUserId());
        signal.recommendationId = requireId("recommendationId", example.getRecommendationId());
        signal.itemId = requireId("itemId", example.getItemId());
        signal.value = value;
        signal.width = example.getDenseFeatures().size();
        signal.labelled = example.getLabel() != null;
        return signal;
    }
}
