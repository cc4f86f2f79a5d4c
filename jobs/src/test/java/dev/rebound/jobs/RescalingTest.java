package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class RescalingTest {

    @Test
    void noOperatorHasAnotherMaximalParallelismAtAnotherParallelism() {
        Map<OperatorID, Integer> one = maximalParallelism(1);

        assertThat(one).isNotEmpty();
        assertThat(maximalParallelism(2)).isEqualTo(one);
        assertThat(maximalParallelism(3)).isEqualTo(one);
    }

    private static Map<OperatorID, Integer> maximalParallelism(int parallelism) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(parallelism);
        RecommendationJob.build(env, JobOptions.parse("--kafka.bootstrap-servers", "127.0.0.1:9092"));
        Map<OperatorID, Integer> byOperator = new HashMap<>();
        for (JobVertex vertex : env.getStreamGraph().getJobGraph().getVertices()) {
            for (OperatorIDPair operator : vertex.getOperatorIDs()) {
                byOperator.put(operator.getGeneratedOperatorID(), vertex.getMaxParallelism());
            }
        }
        return byOperator;
    }
}
