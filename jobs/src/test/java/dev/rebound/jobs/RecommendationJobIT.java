package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.legacy.SinkFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
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

    private static final Map<String, ConcurrentLinkedQueue<OutputRecord>> RESULTS = new HashMap<>();
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @TempDir
    Path checkpoints;

    @BeforeEach
    void forgetResults() {
        for (String name : List.of("recommendations", "responses", "examples", "guarded", "dead-letters")) {
            RESULTS.put(name, new ConcurrentLinkedQueue<>());
        }
        FAILED.set(false);
    }

    @Test
    void everyEventCountsOnceAndEveryRequestIsAnsweredThoughATaskFails() throws Exception {
        Shop shop = new Shop(200, 50, 6_000, 300);

        run(shop);

        assertThat(FAILED).isTrue();
        assertThat(newestCounts()).isEqualTo(shop.countsByUser);
        assertThat(answered()).hasSize(300);
        assertThat(erasedIn("recommendations", Topic.USER_PROFILES))
                .isEqualTo(erasedIn("recommendations", Topic.RECOMMENDATIONS))
                .isEqualTo(erasedIn("examples", Topic.TRAINING_EXAMPLES))
                .containsExactly(Shop.ERASED);
        assertThat(RESULTS.get("dead-letters")).hasSizeGreaterThanOrEqualTo(shop.corrupt);
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

    private void run(Shop shop) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.configure(configuration());
        env.setParallelism(PARALLELISM);
        env.enableCheckpointing(200);
        JobOptions options = JobOptions.parse(
                "--kafka.bootstrap-servers",
                "none:1",
                "--items.broadcast-interval",
                "100 ms",
                "--dedup.window",
                "1 d",
                "--feedback.impressions",
                "false");
        RecommendationJob.configure(env, options);
        RecommendationJob.Inputs inputs = new RecommendationJob.Inputs(
                decode(
                        failOnce(source(env, shop.eventRecords, "events", RateLimiterStrategy.perCheckpoint(1_500))),
                        TopicDeserializer.behaviourEvents()),
                decode(
                        source(env, shop.requestRecords, "requests", RateLimiterStrategy.perCheckpoint(100)),
                        TopicDeserializer.requests()),
                decode(
                        source(env, shop.catalogRecords, "catalog", RateLimiterStrategy.noOp()),
                        TopicDeserializer.catalog()),
                decode(
                        source(env, List.of(Shop.campaign()), "campaigns", RateLimiterStrategy.noOp()),
                        TopicDeserializer.campaigns()),
                decode(
                        source(env, List.of(Shop.release()), "releases", RateLimiterStrategy.noOp()),
                        TopicDeserializer.releases()));
        RecommendationJob.Outputs outputs =
                RecommendationJob.connect(inputs, options, options.scoring(), (release, users, candidates) -> {
                    throw new IllegalStateException("a package that cannot be loaded");
                });
        collect(outputs.recommendations(), "recommendations");
        collect(outputs.responses(), "responses");
        collect(outputs.examples(), "examples");
        collect(outputs.guarded(), "guarded");
        collect(outputs.deadLetters(), "dead-letters");
        env.execute("whole-dataflow");
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        return configuration;
    }

    @SuppressWarnings("rawtypes") // the factory methods of RateLimiterStrategy return it raw
    private static DataStream<byte[]> source(
            StreamExecutionEnvironment env, List<byte[]> records, String name, RateLimiterStrategy rate) {
        List<byte[]> copy = new ArrayList<>(records);
        DataGeneratorSource<byte[]> source = new DataGeneratorSource<>(
                index -> copy.get(index.intValue()),
                copy.size(),
                rate,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name)
                .uid(name)
                .setParallelism(1);
    }

    private static DataStream<byte[]> failOnce(DataStream<byte[]> records) {
        return records.map(new FailAfterCheckpoint()).uid("fail-once").setParallelism(1);
    }

    private static <T> DataStream<Decoded<T>> decode(DataStream<byte[]> records, TopicDeserializer<T> deserializer) {
        return records.map(new Decode<>(deserializer), deserializer.getProducedType())
                .uid("decode-" + deserializer.valueType() + records.getId())
                .setParallelism(1);
    }

    @SuppressWarnings("deprecation") // the simplest sink there is
    private static void collect(DataStream<OutputRecord> records, String name) {
        records.addSink(new SinkFunction<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void invoke(OutputRecord record, Context context) {
                        RESULTS.get(name).add(record);
                    }
                })
                .uid(name + "-sink");
    }

    private static Map<String, Map<String, Long>> newestCounts() throws Exception {
        RecordCodec<UserProfile> codec = RecordCodec.of(UserProfile.class);
        Map<String, Map<String, Long>> counts = new HashMap<>();
        for (OutputRecord record : RESULTS.get("recommendations")) {
            if (record.topic() == Topic.USER_PROFILES && record.value() == null) {
                counts.remove(new String(record.key(), StandardCharsets.UTF_8));
            } else if (record.topic() == Topic.USER_PROFILES) {
                UserProfile profile = codec.decode(record.value(), null);
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(profile.getUserId());
                counts.put(profile.getUserId(), profile.getEventCounts());
            }
        }
        return counts;
    }

    private static Set<String> answered() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        Set<String> ids = new HashSet<>();
        for (OutputRecord record : RESULTS.get("responses")) {
            ids.add(codec.decode(record.value(), null).getRequestId());
        }
        return ids;
    }

    private static Set<String> erasedIn(String output, Topic topic) {
        return RESULTS.get(output).stream()
                .filter(record -> record.topic() == topic && record.value() == null)
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    /** Request and item of each. */
    private static List<String> examples() throws Exception {
        RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
        List<String> examples = new ArrayList<>();
        for (OutputRecord record : RESULTS.get("examples")) {
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
        for (OutputRecord record : RESULTS.get("responses")) {
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
        for (OutputRecord record : RESULTS.get("guarded")) {
            assertThat(record.topic()).isEqualTo(Topic.MODEL_REPORTS);
            reports.add(codec.decode(record.value(), null));
        }
        return reports;
    }

    private static Set<String> recommendedItems() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        Set<String> items = new HashSet<>();
        for (OutputRecord record : RESULTS.get("recommendations")) {
            if (record.topic() == Topic.RECOMMENDATIONS && record.value() != null) {
                codec.decode(record.value(), null).getItems().forEach(item -> items.add(item.getItemId()));
            }
        }
        return items;
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

    /** Decodes as the Kafka source does. */
    private static final class Decode<T> extends RichMapFunction<byte[], Decoded<T>> {
        private static final long serialVersionUID = 1L;
        private final TopicDeserializer<T> deserializer;

        Decode(TopicDeserializer<T> deserializer) {
            this.deserializer = deserializer;
        }

        @Override
        public void open(OpenContext context) {
            deserializer.open();
        }

        @Override
        public Decoded<T> map(byte[] value) {
            return deserializer.decode(new ConsumerRecord<>(
                    "input",
                    0,
                    0,
                    Shop.START,
                    TimestampType.CREATE_TIME,
                    0,
                    value.length,
                    new byte[0],
                    value,
                    new RecordHeaders(),
                    Optional.empty()));
        }
    }
}
