package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.legacy.SinkFunction;

/** The dataflow of {@link RecommendationJob} between its sources and its sinks: lists of records in, queues out. */
final class DataflowUnderTest {
    private static final List<String> OUTPUTS =
            List.of("recommendations", "responses", "examples", "alerts", "guarded", "dead-letters");
    private static final byte[] NO_RECORD = {};
    private static final Map<String, ConcurrentLinkedQueue<OutputRecord>> RESULTS = new HashMap<>();

    private DataflowUnderTest() {}

    static void forgetResults() {
        OUTPUTS.forEach(name -> RESULTS.put(name, new ConcurrentLinkedQueue<>()));
    }

    static ConcurrentLinkedQueue<OutputRecord> results(String output) {
        return RESULTS.get(output);
    }

    /** With RocksDB and incremental checkpoints, as in production. */
    static Configuration configuration(Path checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        // What is less goes into the file of metadata.
        configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        return configuration;
    }

    /**
     * Lays it for the records of a shop, with a model that cannot be loaded.
     *
     * @param goesOn whether the sources stay open after their last records
     * @param events what is put between the events and their decoding
     */
    static void lay(
            StreamExecutionEnvironment env, Shop shop, boolean goesOn, UnaryOperator<DataStream<byte[]>> events) {
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
                        events.apply(source(
                                env, shop.eventRecords, "events", goesOn, RateLimiterStrategy.perCheckpoint(1_500))),
                        TopicDeserializer.behaviourEvents()),
                decode(
                        source(env, shop.requestRecords, "requests", goesOn, RateLimiterStrategy.perCheckpoint(100)),
                        TopicDeserializer.requests()),
                decode(
                        source(env, shop.catalogRecords, "catalog", goesOn, RateLimiterStrategy.noOp()),
                        TopicDeserializer.catalog()),
                decode(
                        source(env, List.of(Shop.campaign()), "campaigns", goesOn, RateLimiterStrategy.noOp()),
                        TopicDeserializer.campaigns()),
                decode(
                        source(env, List.of(Shop.release()), "releases", goesOn, RateLimiterStrategy.noOp()),
                        TopicDeserializer.releases()));
        RecommendationJob.Outputs outputs =
                RecommendationJob.connect(inputs, options, options.scoring(), (release, users, candidates) -> {
                    throw new IllegalStateException("a package that cannot be loaded");
                });
        collect(outputs.recommendations(), "recommendations");
        collect(outputs.responses(), "responses");
        collect(outputs.examples(), "examples");
        collect(outputs.alerts(), "alerts");
        collect(outputs.guarded(), "guarded");
        collect(outputs.deadLetters(), "dead-letters");
    }

    /** One that stays open goes on with records that nobody gets. */
    @SuppressWarnings("rawtypes") // the factory methods of RateLimiterStrategy return it raw
    private static DataStream<byte[]> source(
            StreamExecutionEnvironment env,
            List<byte[]> records,
            String name,
            boolean goesOn,
            RateLimiterStrategy rate) {
        List<byte[]> copy = new ArrayList<>(records);
        DataGeneratorSource<byte[]> source = new DataGeneratorSource<>(
                index -> index < copy.size() ? copy.get(index.intValue()) : NO_RECORD,
                goesOn ? Long.MAX_VALUE : copy.size(),
                goesOn ? RateLimiterStrategy.perCheckpoint(2_000) : rate,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        // Where it had come to is no state of the dataflow: each run reads its own records from the first one on.
        String uid = name + "-" + UUID.randomUUID();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name)
                .uid(uid)
                .setParallelism(1)
                .filter(record -> record.length > 0)
                .uid(uid + "-records")
                .setParallelism(1);
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

    /** Event counts in the newest profile of each user who has one. */
    static Map<String, Map<String, Long>> newestCounts() throws Exception {
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

    /** Requests that were answered. */
    static Set<String> answered() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        Set<String> ids = new HashSet<>();
        for (OutputRecord record : RESULTS.get("responses")) {
            ids.add(codec.decode(record.value(), null).getRequestId());
        }
        return ids;
    }

    /** Items of all recommendations. */
    static Set<String> recommendedItems() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        Set<String> items = new HashSet<>();
        for (OutputRecord record : RESULTS.get("recommendations")) {
            if (record.topic() == Topic.RECOMMENDATIONS && record.value() != null) {
                codec.decode(record.value(), null).getItems().forEach(item -> items.add(item.getItemId()));
            }
        }
        return items;
    }
}
