package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

class OperatorUidsTest {

    @Test
    void onlyOperatorsWithoutAUidAreNamed() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSequence(1, 2)
                .uid("numbers")
                .filter(number -> number > 1)
                .name("big ones")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");

        assertThat(OperatorUids.missing(env.getStreamGraph())).containsExactly("big ones");
    }
}
