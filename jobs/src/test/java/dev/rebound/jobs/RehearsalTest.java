package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.junit.jupiter.api.Test;

/** A rehearsal has all of the job but what writes. */
class RehearsalTest {

    @Test
    void everyOperatorIsThereAndNoneWritesToKafka() {
        List<StreamNode> job = nodes(false);
        List<StreamNode> rehearsal = nodes(true);

        assertThat(stages(rehearsal)).containsExactlyInAnyOrderElementsOf(stages(job));
        assertThat(sinks(job)).hasSize(6).doesNotContain("DiscardingSink");
        assertThat(sinks(rehearsal)).hasSize(6).containsOnly("DiscardingSink");
    }

    private static List<StreamNode> nodes(boolean rehearsal) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        RecommendationJob.build(
                env,
                JobOptions.parse(
                        "--kafka.bootstrap-servers",
                        "127.0.0.1:9092",
                        "--" + JobOptions.REHEARSAL.key(),
                        String.valueOf(rehearsal)));
        return List.copyOf(env.getStreamGraph().getStreamNodes());
    }

    /** Without the sinks and the deadline of their transactions. */
    private static List<String> stages(List<StreamNode> nodes) {
        return nodes.stream()
                .map(StreamNode::getOperatorName)
                .filter(name -> !name.contains("-sink") && !name.equals("transaction-deadline"))
                .toList();
    }

    private static List<String> sinks(List<StreamNode> nodes) {
        return nodes.stream()
                .map(StreamNode::getOperatorFactory)
                .filter(SinkWriterOperatorFactory.class::isInstance)
                .map(factory -> ((SinkWriterOperatorFactory<?, ?>) factory)
                        .getSink()
                        .getClass()
                        .getSimpleName())
                .toList();
    }
}
