package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.training.EncoderTrainer;
import dev.rebound.operators.training.InteractionSequences;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TrainedEncoder;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.legacy.SinkFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The dataflow between its sources and its sink, on a MiniCluster with RocksDB, a failure, and the trainer's own JVM. */
class ModelTrainingJobIT {
    private static final int ITEMS_A_LIST = 6;
    private static final int LISTS_A_SLICE = 400;
    private static final long START = 1_750_000_000_000L;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final Queue<OutputRecord> RESULTS = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @TempDir
    Path folder;

    @Test
    void aShopWhoseUsersHaveATasteGetsABetterModelThoughATaskFails() throws Exception {
        ModelRelease live = ignorant();
        byte[] encoded = RecordCodec.of(ModelRelease.class).encode(live);

        JobClient job = submit(encoded);
        await().atMost(Duration.ofMinutes(4))
                .until(() -> RESULTS.stream().anyMatch(record -> record.topic() == Topic.ALERTS));
        job.cancel().get();

        assertThat(FAILED).isTrue();
        OutputRecord first = RESULTS.stream()
                .filter(record -> record.topic() == Topic.ALERTS)
                .findFirst()
                .orElseThrow();
        Alert alert = RecordCodec.of(Alert.class).decode(first.value(), null);
        assertThat(alert.getReason()).as(alert.getMessage()).isEqualTo("MODEL_TRAINED");
        ModelRelease release = RecordCodec.of(ModelRelease.class)
                .decode(
                        RESULTS.stream()
                                .filter(record -> record.topic() == Topic.MODEL_RELEASES)
                                .findFirst()
                                .orElseThrow()
                                .value(),
                        null);
        assertThat(release.getStage()).isEqualTo(ReleaseStage.SHADOW);
        assertThat(release.getVersion()).startsWith("v1-");
        assertThat(release.getSha256())
                .isEqualTo(ModelPackages.sha256(
                        ModelPackages.readManifest(new org.apache.flink.core.fs.Path(release.getPackageUri()))));
        assertThat(RESULTS).as("the corrupt record").anyMatch(record -> record.topic() == Topic.DEAD_LETTERS);
    }

    private JobClient submit(byte[] live) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.configure(configuration());
        env.setParallelism(1);
        env.enableCheckpointing(200);
        TrainingOptions options = TrainingOptions.parse(
                "--kafka.bootstrap-servers",
                "none:1",
                "--training.slice-examples",
                "" + LISTS_A_SLICE * ITEMS_A_LIST,
                "--training.least-examples",
                "" + LISTS_A_SLICE * ITEMS_A_LIST,
                "--training.heap",
                "256 mb");
        ModelTrainingJob.configure(env, options);
        DataStream<OutputRecord> outputs = ModelTrainingJob.connect(
                source(env, new Examples(), "examples", TopicDeserializer.examples()),
                source(env, index -> live, "releases", TopicDeserializer.releases()),
                options);
        collect(outputs);
        return env.executeAsync("model-training");
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        return configuration;
    }

    private static <T> DataStream<Decoded<T>> source(
            StreamExecutionEnvironment env,
            GeneratorFunction<Long, byte[]> records,
            String name,
            TopicDeserializer<T> deserializer) {
        DataGeneratorSource<byte[]> source = new DataGeneratorSource<>(
                records,
                Long.MAX_VALUE,
                RateLimiterStrategy.perCheckpoint(200),
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name)
                .uid(name)
                .map(new Decode<>(deserializer), deserializer.getProducedType())
                .uid("decode-" + name);
    }

    @SuppressWarnings("deprecation") // the simplest sink there is
    private static void collect(DataStream<OutputRecord> records) {
        records.addSink(new SinkFunction<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void invoke(OutputRecord record, Context context) {
                        RESULTS.add(record);
                    }
                })
                .uid("sink");
    }

    /** Has learned that nothing follows from anything. */
    private ModelRelease ignorant() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        TrainingSet set = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, ITEMS_A_LIST, DenseFeature.WIDTH);
        for (int m = 0; m < 300; m++) {
            long[] keys = IntStream.range(0, ITEMS_A_LIST)
                    .mapToLong(c -> ItemKey.of("i" + c))
                    .toArray();
            float[] dense = new float[ITEMS_A_LIST * DenseFeature.WIDTH];
            for (int i = 0; i < dense.length; i++) {
                dense[i] = (float) random.nextDouble();
            }
            float[] labels = new float[ITEMS_A_LIST];
            labels[random.nextInt(ITEMS_A_LIST)] = 1;
            set.add(START + m, new long[FeatureBatch.SEQUENCE_LENGTH], keys, dense, labels);
        }
        List<String> items =
                IntStream.range(0, ITEMS_A_LIST).mapToObj(c -> "i" + c).toList();
        TrainerOptions options = TrainerOptions.defaults(1);
        TrainedEncoder encoder = new EncoderTrainer(
                        new InteractionSequences(1), items, new OfflinePipeline().table(), options, report -> {})
                .train();
        try (TrainedRanker ranker = new RankerTrainer(set, encoder, options, report -> {}).train()) {
            var registry =
                    new org.apache.flink.core.fs.Path(folder.resolve("models").toUri());
            var written = ranker.write(registry, "ranker", "v1", Instant.EPOCH);
            return ModelRelease.newBuilder()
                    .setModel("ranker")
                    .setVersion("v1")
                    .setPackageUri(written.toString())
                    .setSha256(ModelPackages.sha256(ModelPackages.readManifest(written)))
                    .setStage(ReleaseStage.LIVE)
                    .setTrafficPercent(100)
                    .setIssuedAt(1)
                    .build();
        }
    }

    /** Lists of which users take what is most like their recent items; one record is corrupt, and one breaks its task. */
    private static final class Examples implements GeneratorFunction<Long, byte[]> {
        private static final long serialVersionUID = 1L;
        private static final long CORRUPT = 77;

        @Override
        public byte[] map(Long index) {
            if (index == CORRUPT) {
                return new byte[] {1, 2, 3};
            }
            long list = index / ITEMS_A_LIST;
            if (list > LISTS_A_SLICE * 3 / 2 && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure that this test wants");
            }
            int position = (int) (index % ITEMS_A_LIST);
            int taken = new SplittableRandom(list).nextInt(ITEMS_A_LIST);
            Float[] dense = new Float[DenseFeature.WIDTH];
            Arrays.fill(dense, 0.5f);
            dense[DenseFeature.CONTENT_SIMILARITY.ordinal()] = position == taken ? 0.9f : 0.1f;
            return RecordCodec.of(TrainingExample.class)
                    .encode(TrainingExample.newBuilder()
                            .setRecommendationId("list-" + list)
                            .setUserId("user-" + list % 50)
                            .setItemId("i" + position)
                            .setPosition(position)
                            .setModelVersion("v1")
                            .setScore(0.5f)
                            .setRecentItemIds(List.of("i1"))
                            .setDenseFeatures(List.of(dense))
                            .setLabel(position == taken ? 1f : 0f)
                            .setScoredAt(START + list)
                            .setRequestedAt(START + list)
                            .build());
        }
    }
}
