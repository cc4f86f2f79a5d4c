package dev.rebound.operators.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.junit.jupiter.api.Test;

class TaskBoundWriterTest {
    private final Refused connector = new Refused();
    private final TaskBoundWriter<String> writer = new TaskBoundWriter<>(connector);

    @Test
    void aRefusalIsThrownByAFlush() {
        assertThatThrownBy(() -> writer.flush(false)).hasMessage("Not authorized");
    }

    @Test
    void aRefusalIsNotThrownAgainWhenTheTaskHasEnded() {
        assertThatNoException().isThrownBy(writer::close);
        assertThat(connector.closed).isTrue();
    }

    /** As the connector's writer is when the broker refused a record. */
    private static final class Refused
            implements PrecommittingStatefulSinkWriter<String, KafkaWriterState, KafkaCommittable> {
        private boolean closed;

        @Override
        public void write(String element, Context context) {}

        @Override
        public void flush(boolean endOfInput) throws IOException {
            throw new IOException("Not authorized");
        }

        @Override
        public List<KafkaWriterState> snapshotState(long checkpointId) {
            return List.of();
        }

        @Override
        public Collection<KafkaCommittable> prepareCommit() {
            return List.of();
        }

        @Override
        public void close() throws IOException {
            closed = true;
            throw new IOException("Not authorized");
        }
    }
}
