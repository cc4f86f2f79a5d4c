package dev.rebound.jobs;

import static dev.rebound.jobs.DataflowUnderTest.answered;
import static dev.rebound.jobs.DataflowUnderTest.newestCounts;
import static dev.rebound.jobs.DataflowUnderTest.recommendedItems;
import static dev.rebound.jobs.DataflowUnderTest.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole dataflow between its sources and its sinks, on a MiniCluster with RocksDB and a failure in the middle. */
class RecommendationJobIT {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @TempDir
    Path checkpoints;

    @BeforeEach
    void begin() {
        DataflowUnderTest.forgetResults();
        FAILED.set(false);
    }

    @Test
    void everyEventCountsOnceAndEveryRequestIsAnsweredThoughATaskFails() throws Exception {
        Shop shop = new Shop(200, 50, 6_000, 300);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.configure(DataflowUnderTest.configuration(checkpoints));
        env.setParallelism(PARALLELISM);
        env.enableCheckpointing(200);
        DataflowUnderTest.lay(env, shop, false, RecommendationJobIT::failOnce);
        env.execute("whole-dataflow");

        assertThat(FAILED).isTrue();
        assertThat(newestCounts()).isEqualTo(shop.countsByUser);
        assertThat(answered()).hasSize(300);
        assertThat(erasedIn("recommendations", Topic.USER_PROFILES))
                .isEqualTo(erasedIn("recommendations", Topic.RECOMMENDATIONS))
                .isEqualTo(erasedIn("examples", Topic.TRAINING_EXAMPLES))
                .containsExactly(Shop.ERASED);
        assertThat(results("dead-letters")).hasSizeGreaterThanOrEqualTo(shop.corrupt);
        assertThat(examples()).doesNotHaveDuplicates();
        assertThat(examples())
                .extracting(example -> example.substring(0, example.indexOf(' ')))
                .as("every answer is learned from once its window has passed, which the end of all input tells")
                .containsAll(answeredWithItems())
                .hasSizeGreaterThan(300);
        assertThat(reports())
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.getStage()).isEqualTo(ReleaseStage.LIVE));
        assertThat(recommendedItems())
                .isNotEmpty()
                .allSatisfy(item -> assertThat(Integer.parseInt(item.substring(1)) % 20)
                        .as("item %s is available", item)
                        .isNotEqualTo(19));
    }

    private static DataStream<byte[]> failOnce(DataStream<byte[]> records) {
        return records.map(new FailAfterCheckpoint()).uid("fail-once").setParallelism(1);
    }

    private static Set<String> erasedIn(String output, Topic topic) {
        return results(output).stream()
                .filter(record -> record.topic() == topic && record.value() == null)
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    /** Request and item of each. */
    private static List<String> examples() throws Exception {
        RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
        List<String> examples = new ArrayList<>();
        for (OutputRecord record : results("examples")) {
            if (record.value() == null) {
                continue;
            }
            TrainingExample example = codec.decode(record.value(), null);
            assertThat(example.getLabel()).isZero();
            examples.add(example.getRequestId() + " " + example.getItemId());
        }
        return examples;
    }

    /** Requests whose last answer, after the failure, was not empty: those before the catalog's first items are. */
    private static Set<String> answeredWithItems() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        Set<String> ids = new HashSet<>();
        for (OutputRecord record : results("responses")) {
            Recommendation response = codec.decode(record.value(), null);
            if (response.getItems().isEmpty()) {
                ids.remove(response.getRequestId());
            } else {
                ids.add(response.getRequestId());
            }
        }
        return ids;
    }

    /** What the guard, which runs once, tells of the one version that was released. */
    private static List<ModelReport> reports() throws Exception {
        RecordCodec<ModelReport> codec = RecordCodec.of(ModelReport.class);
        List<ModelReport> reports = new ArrayList<>();
        for (OutputRecord record : results("guarded")) {
            assertThat(record.topic()).isEqualTo(Topic.MODEL_REPORTS);
            reports.add(codec.decode(record.value(), null));
        }
        return reports;
    }

    /** Throws once, between a checkpoint and the next. */
    private static final class FailAfterCheckpoint implements MapFunction<byte[], byte[]>, CheckpointListener {
        private static final long serialVersionUID = 1L;
        private long sinceCheckpoint = -1;

        @Override
        public byte[] map(byte[] value) {
            if (sinceCheckpoint >= 0 && ++sinceCheckpoint == 300 && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure that this test wants");
            }
            return value;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            sinceCheckpoint = Math.max(0, sinceCheckpoint);
        }
    }
}
