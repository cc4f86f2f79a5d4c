package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** Where barriers may overtake records under backpressure. */
class UnalignedCheckpointsTest {

    /** As docs/operations.md says: Flink rules it out for all inputs of a task that has a broadcast one. */
    @Test
    void barriersWaitBeforeScoringAndOvertakeBeforeTheOtherKeyedStages() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        RecommendationJob.build(env, JobOptions.parse("--kafka.bootstrap-servers", "127.0.0.1:9092"));
        StreamGraph graph = env.getStreamGraph();
        Set<String> aligned = new TreeSet<>();
        Set<String> unaligned = new TreeSet<>();
        for (StreamNode node : graph.getStreamNodes()) {
            for (StreamEdge edge : node.getInEdges()) {
                (edge.supportsUnalignedCheckpoints() ? unaligned : aligned).add(node.getOperatorName());
            }
        }

        assertThat(aligned).contains("scoring");
        assertThat(unaligned)
                .contains("user-features", "item-features", "campaign-features", "feedback")
                .doesNotContain("scoring");
    }
}
