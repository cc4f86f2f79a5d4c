package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class SinkNamesTest {

    @Test
    void onlyTheSinksOfAJobChangeTheirUidsWithTheGeneration() {
        var first = uids(JobOptions.parse("--kafka.bootstrap-servers", "none:1"));
        var second = uids(JobOptions.parse("--kafka.bootstrap-servers", "none:1", "--sink.generation", "2"));

        assertThat(first).contains("scoring", "recommendations-sink", "dead-letters-sink");
        assertThat(second).contains("scoring", "recommendations-sink-g2", "dead-letters-sink-g2");
        assertThat(first).filteredOn(uid -> !second.contains(uid)).hasSize(6).allMatch(SinkNames::isPartOfSink);
        assertThat(second).filteredOn(uid -> !first.contains(uid)).hasSize(6).allMatch(SinkNames::isPartOfSink);
        assertThat(second).filteredOn(first::contains).noneMatch(SinkNames::isPartOfSink);
    }

    @Test
    void noPrefixOfTransactionsIsTheBeginningOfAnothers() {
        var transactions =
                JobOptions.parse("--kafka.bootstrap-servers", "none:1").transactions();
        String first = transactions.prefix("job", new SinkNames(0).transactions("out"));
        String second = transactions.prefix("job", new SinkNames(1).transactions("out"));
        String eleventh = transactions.prefix("job", new SinkNames(11).transactions("out"));

        assertThat(second).doesNotStartWith(first);
        assertThat(eleventh).doesNotStartWith(second);
    }

    private static java.util.List<String> uids(JobOptions options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        RecommendationJob.build(env, options);
        return env.getStreamGraph().getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .filter(uid -> uid != null && !uid.startsWith("Sink Committer: "))
                .toList();
    }
}
