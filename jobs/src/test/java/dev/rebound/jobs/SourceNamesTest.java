package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Topic;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class SourceNamesTest {

    @Test
    void onlyTheSourcesOfAJobChangeTheirUidsWithTheGeneration() {
        List<String> first = uids();
        List<String> second = uids("--source.generation", "2");

        assertThat(first).contains("behaviour-events", "scoring", "recommendations-sink");
        assertThat(second).contains("behaviour-events-g2", "scoring", "recommendations-sink");
        assertThat(first).filteredOn(uid -> !second.contains(uid)).hasSize(5).allMatch(SourceNames::isPartOfSource);
        assertThat(second).filteredOn(uid -> !first.contains(uid)).hasSize(5).allMatch(SourceNames::isPartOfSource);
        assertThat(second).filteredOn(first::contains).noneMatch(SourceNames::isPartOfSource);
    }

    @Test
    void theTrainingJobBeginsNewSourcesAsWell() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ModelTrainingJob.build(
                env, TrainingOptions.parse("--kafka.bootstrap-servers", "none:1", "--source.generation", "1"));

        assertThat(uids(env))
                .filteredOn(SourceNames::isPartOfSource)
                .containsExactlyInAnyOrder("training-examples-g1", "model-releases-g1");
    }

    @Test
    void theTopicOfASourceIsTheSameInEveryGeneration() {
        assertThat(SourceNames.topicOf(new SourceNames(0).uid(Topic.CAMPAIGNS))).contains(Topic.CAMPAIGNS);
        assertThat(SourceNames.topicOf(new SourceNames(12).uid(Topic.CAMPAIGNS)))
                .contains(Topic.CAMPAIGNS);
        assertThat(SourceNames.topicOf("campaigns-valid")).isEmpty();
        assertThat(SourceNames.topicOf("campaigns-g")).isEmpty();
    }

    @Test
    void whatWasWrittenBeforeIsLookedForInFrontOfTheExactlyOnceSinksOnlyWhereItIsGiven() {
        assertThat(uids()).noneMatch(uid -> uid.startsWith("written-before"));
        assertThat(uids("--output.written-before", "hdfs:///ids"))
                .filteredOn(uid -> uid.startsWith("written-before"))
                .containsExactlyInAnyOrder(
                        "written-before-recommendations",
                        "written-before-training-examples",
                        "written-before-dead-letters");
    }

    private static List<String> uids(String... options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        String[] all = new String[options.length + 2];
        all[0] = "--kafka.bootstrap-servers";
        all[1] = "none:1";
        System.arraycopy(options, 0, all, 2, options.length);
        RecommendationJob.build(env, JobOptions.parse(all));
        return uids(env);
    }

    private static List<String> uids(StreamExecutionEnvironment env) {
        return env.getStreamGraph().getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .filter(uid -> uid != null && !uid.startsWith("Sink Committer: "))
                .toList();
    }
}
