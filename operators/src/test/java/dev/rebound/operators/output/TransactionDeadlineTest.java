package dev.rebound.operators.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.schemas.Topic;
import java.time.Duration;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionDeadlineTest {
    private OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new TransactionDeadline(Duration.ofSeconds(100)));
        harness.setup(new OutputRecord.Serializer());
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void at(long seconds) throws Exception {
        harness.setProcessingTime(seconds * 1_000);
    }

    @Test
    void recordsPass() throws Exception {
        OutputRecord record = new OutputRecord(Topic.RECOMMENDATIONS, new byte[] {1}, new byte[] {2}, 3);
        harness.processElement(new StreamRecord<>(record));

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(passed -> assertThat(passed.value()).containsExactly(2));
    }

    @Test
    void withoutACheckpointTheJobFailsBeforeTheBrokersAbort() throws Exception {
        at(79);

        assertThatThrownBy(() -> at(90)).hasStackTraceContaining("No checkpoint has completed for");
    }

    @Test
    void aCheckpointGivesTimeFromItsBarrierNotFromItsEnd() throws Exception {
        at(10);
        harness.snapshot(1, 1);
        at(60);
        harness.notifyOfCompletedCheckpoint(1);

        assertThatCode(() -> at(89)).doesNotThrowAnyException();
        assertThatThrownBy(() -> at(95)).hasStackTraceContaining("No checkpoint has completed for");
    }

    @Test
    void oneThatFailsGivesNone() throws Exception {
        at(10);
        harness.snapshot(1, 1);
        harness.notifyOfCompletedCheckpoint(1);
        at(60);
        harness.snapshot(2, 2);

        assertThatThrownBy(() -> at(95)).hasStackTraceContaining("No checkpoint has completed for");
    }

    @Test
    void checkpointsThatCompleteKeepItGoing() throws Exception {
        for (int i = 1; i <= 20; i++) {
            at(i * 50L);
            harness.snapshot(i, i);
            harness.notifyOfCompletedCheckpoint(i);
        }

        assertThatCode(() -> at(1_070)).doesNotThrowAnyException();
    }
}
