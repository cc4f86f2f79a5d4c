package dev.rebound.operators.output;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer whose failure is that of its task, and no more.
 *
 * <p>The connector's writer throws the refusal of a record once more when it is closed. A task that fails closes its operators;
 * Flink takes an exception from there for a fault of its own and ends the TaskManager, one after the other where the task
 * restarts, and nobody is told of the refusal. Nothing goes unnoticed here: a task that ends well has flushed before it closes,
 * and a flush throws what was refused.
 */
final class TaskBoundWriter<T> implements PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskBoundWriter.class);

    private final PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> connector;

    TaskBoundWriter(PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> connector) {
        this.connector = connector;
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        connector.write(element, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        connector.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
        connector.writeWatermark(watermark);
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
        return connector.snapshotState(checkpointId);
    }

    @Override
    public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
        return connector.prepareCommit();
    }

    @Override
    public void close() throws Exception {
        try {
            connector.close();
        } catch (IOException e) {
            LOG.warn(
                    "Kafka refused records that were not flushed; the task ends, and its next run writes them again",
                    e);
        }
    }
}
