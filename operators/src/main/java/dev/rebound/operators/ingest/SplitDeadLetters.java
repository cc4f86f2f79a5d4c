package dev.rebound.operators.ingest;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.Preconditions;

/** Passes values on and sends dead letters aside, on their way to their topic. */
public final class SplitDeadLetters<T> extends ProcessFunction<Decoded<T>, T> {
    private static final long serialVersionUID = 1L;

    /** Where dead letters go. */
    public static final OutputTag<OutputRecord> DEAD_LETTERS = new OutputTag<>("dead-letters", OutputRecord.TYPE);

    private transient RecordCodec<DeadLetter> codec;
    private transient Counter deadLetters;

    @Override
    public void open(OpenContext context) {
        codec = RecordCodec.of(DeadLetter.class);
        deadLetters = getRuntimeContext().getMetricGroup().addGroup("rebound").counter("dead_letters_total");
    }

    @Override
    public void processElement(Decoded<T> decoded, Context context, Collector<T> out) {
        if (decoded.value != null) {
            out.collect(decoded.value);
            return;
        }
        deadLetters.inc();
        DeadLetter letter = Preconditions.checkNotNull(decoded.deadLetter);
        byte[] key = letter.getKey() == null ? null : bytes(letter.getKey());
        context.output(
                DEAD_LETTERS,
                new OutputRecord(
                        Topic.DEAD_LETTERS, key, codec.encode(letter), letter.getSeenAt(), decoded.deadLetterId));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
