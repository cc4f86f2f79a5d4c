package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.ModelLoader;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a trainer in a JVM of its own, as in the job. */
class RetrainingOperatorTest {
    private static final int LISTS_A_SLICE = 1500;
    private static final TrainerProcess TRAINER = new TrainerProcess("512m", 1, Duration.ofMinutes(2));
    /** Shows that nothing was trained: no JVM starts with so little. */
    private static final TrainerProcess BROKEN_TRAINER = new TrainerProcess("1k", 1, Duration.ofMinutes(2));

    @TempDir
    static Path registry;

    /** The same slice at the same time would find the package that another test made. */
    private static long tests;

    private static ModelRelease ignorant;
    private static ModelRelease knowing;

    @TempDir
    Path work;

    private KeyedTwoInputStreamOperatorTestHarness<String, ExampleSignal, ModelRelease, OutputRecord> harness;
    private TopicDeserializer<ExampleSignal> deserializer;
    private long nowMillis;

    @BeforeAll
    static void train() throws Exception {
        LiveModels models = new LiveModels(registry);
        ignorant = models.ignorant("v1");
        knowing = models.knowing("w1");
    }

    @BeforeEach
    void start() throws Exception {
        nowMillis = 1_764_000_000_000L + Duration.ofDays(2 * tests++).toMillis();
        deserializer = TopicDeserializer.examples();
        deserializer.open();
        start(settings(0), TRAINER, null);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
        assertThat(work).as("no example stays on the local disk").isEmptyDirectory();
    }

    private RetrainingSettings settings(double canaryPercent) {
        return new RetrainingSettings(
                "ranker",
                LISTS_A_SLICE * ShownTastes.ITEMS_A_LIST,
                Duration.ofDays(1),
                ShownTastes.ITEMS_A_LIST,
                1,
                0.3,
                0,
                canaryPercent,
                work.toString());
    }

    private void start(RetrainingSettings settings, TrainerProcess trainer, OperatorSubtaskState state)
            throws Exception {
        harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                new RetrainingOperator(settings, trainer),
                example -> example.userId,
                release -> "no user",
                Types.STRING,
                1,
                1,
                0);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(new OutputRecord.Serializer());
        harness.setProcessingTime(nowMillis);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private void restartFrom(OperatorSubtaskState state, TrainerProcess trainer) throws Exception {
        harness.close();
        start(settings(0), trainer, state);
    }

    private void show(List<byte[]> examples) throws Exception {
        for (byte[] example : examples) {
            read(null, example);
        }
    }

    private void erase(String userId) throws Exception {
        read(userId.getBytes(StandardCharsets.UTF_8), null);
    }

    /** As the source does. */
    private void read(byte[] key, byte[] value) throws Exception {
        var decoded = deserializer.decode(new ConsumerRecord<>(
                "training-examples",
                0,
                0,
                nowMillis,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty()));
        assertThat(decoded.deadLetter).isNull();
        harness.processElement1(new StreamRecord<>(decoded.value));
    }

    private void release(ModelRelease release) throws Exception {
        harness.processElement2(new StreamRecord<>(release));
    }

    private OperatorSubtaskState checkpoint(long id) throws Exception {
        OperatorSubtaskState state = harness.snapshot(id, nowMillis);
        harness.notifyOfCompletedCheckpoint(id);
        return state;
    }

    private void tick() throws Exception {
        nowMillis += 1000;
        harness.setProcessingTime(nowMillis);
    }

    private Alert awaitAlert() throws Exception {
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            tick();
            return !alerts().isEmpty();
        });
        assertThat(alerts()).hasSize(1);
        return alerts().get(0);
    }

    private List<Alert> alerts() throws Exception {
        List<Alert> alerts = new ArrayList<>();
        for (OutputRecord record : of(Topic.ALERTS)) {
            alerts.add(RecordCodec.of(Alert.class).decode(record.value(), null));
        }
        return alerts;
    }

    private List<ModelRelease> releases() throws Exception {
        List<ModelRelease> releases = new ArrayList<>();
        for (OutputRecord record : of(Topic.MODEL_RELEASES)) {
            ModelRelease release = RecordCodec.of(ModelRelease.class).decode(record.value(), null);
            assertThat(new String(record.key(), StandardCharsets.UTF_8))
                    .isEqualTo(release.getModel() + "/" + release.getVersion());
            releases.add(release);
        }
        return releases;
    }

    private List<OutputRecord> of(Topic topic) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic() == topic)
                .toList();
    }

    /** A slice and the beginning of the next one, which closes it. */
    private void showASlice(ShownTastes shop) throws Exception {
        show(shop.lists(LISTS_A_SLICE + 1));
    }

    @Test
    void aVersionThatIsBetterBecomesAShadowWithItsFigures() throws Exception {
        release(ignorant);
        showASlice(ShownTastes.tasteful());
        checkpoint(1);

        Alert alert = awaitAlert();

        assertThat(alert.getReason()).as(alert.getMessage()).isEqualTo("MODEL_TRAINED");
        assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.INFO);
        ModelRelease release = releases().get(0);
        assertThat(releases()).hasSize(1);
        assertThat(release.getStage()).isEqualTo(ReleaseStage.SHADOW);
        assertThat(release.getVersion()).matches("v1-\\d{8}T\\d{6}-[0-9a-f]{8}");
        var manifest = ModelManifest.fromJson(
                ModelPackages.readManifest(new org.apache.flink.core.fs.Path(release.getPackageUri())));
        assertThat(manifest.metrics().get("compared_ndcg@10"))
                .isGreaterThan(manifest.metrics().get("live_ndcg@10") + 0.1);
        assertThat(manifest.metrics()).containsEntry("compared_moments", 450.0);
        try (RankingModel loaded = new ModelLoader(work.resolve("cache").toString(), DeviceChoice.CPU)
                .open(release, 1, ShownTastes.ITEMS_A_LIST)) {
            assertThat(loaded.version()).isEqualTo(release.getVersion());
        }
        FileUtils.deleteDirectory(work.resolve("cache").toFile());
    }

    @Test
    void aVersionThatIsNotBetterIsNotPublishedAndThatIsSaid() throws Exception {
        release(knowing);
        showASlice(ShownTastes.noise());
        checkpoint(1);

        Alert alert = awaitAlert();

        assertThat(alert.getReason()).as(alert.getMessage()).isEqualTo("MODEL_NOT_BETTER");
        assertThat(alert.getMessage()).contains("of w1").contains("on the 450 newest lists of 97 users");
        assertThat(releases()).isEmpty();
    }

    @Test
    void aSliceIsTrainedOnOnlyOnceACompleteCheckpointHoldsIt() throws Exception {
        release(knowing);
        showASlice(ShownTastes.noise());
        harness.snapshot(1, nowMillis);
        tick();
        assertThat(work).isEmptyDirectory();

        harness.notifyOfCompletedCheckpoint(1);
        tick();
        assertThat(work).isNotEmptyDirectory();
    }

    @Test
    void aRestartInTheMiddleOfATrainingTrainsTheSameSliceAgainAndNoOther() throws Exception {
        release(ignorant);
        ShownTastes shop = ShownTastes.tasteful();
        showASlice(shop);
        checkpoint(1);
        tick();
        show(shop.lists(20));
        OperatorSubtaskState inTraining = checkpoint(2);

        restartFrom(inTraining, TRAINER);
        awaitAlert();
        OperatorSubtaskState afterwards = checkpoint(3);
        ModelRelease release = releases().get(0);

        assertThat(release.getReason()).contains("on the 450 newest lists").contains("trained on 1050");
        restartFrom(afterwards, BROKEN_TRAINER);
        tick();
        tick();
        assertThat(harness.extractOutputValues())
                .as("the slice is done, the next one is not closed")
                .isEmpty();
    }

    @Test
    void aFailureAfterThePublicationRepeatsTheReleaseAndNotTheTraining() throws Exception {
        release(ignorant);
        showASlice(ShownTastes.tasteful());
        OperatorSubtaskState before = checkpoint(1);
        awaitAlert();
        OutputRecord first = of(Topic.MODEL_RELEASES).get(0);

        restartFrom(before, BROKEN_TRAINER);
        assertThat(awaitAlert().getReason()).isEqualTo("MODEL_TRAINED");

        assertThat(of(Topic.MODEL_RELEASES)).hasSize(1);
        assertThat(of(Topic.MODEL_RELEASES).get(0).key()).isEqualTo(first.key());
        assertThat(of(Topic.MODEL_RELEASES).get(0).value()).isEqualTo(first.value());
    }

    @Test
    void anErasedUsersExamplesAreNotTrainedOn() throws Exception {
        release(ignorant);
        show(ShownTastes.tasteful().lists(97 * 3));
        for (int user = 1; user < 97; user++) {
            erase("user-" + user);
        }
        nowMillis += Duration.ofDays(1).toMillis();
        tick();
        checkpoint(1);

        assertThat(awaitAlert().getMessage()).contains("too few lists").contains(": 2 to train on");
    }

    @Test
    void examplesOfOtherFeaturesAndWithoutALabelAreLeftOut() throws Exception {
        RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
        for (TrainingExample example : ShownTastes.tasteful().list()) {
            List<Float> older = example.getDenseFeatures();
            read(
                    null,
                    codec.encode(
                            TrainingExample.newBuilder(example).setLabel(null).build()));
            read(
                    null,
                    codec.encode(TrainingExample.newBuilder(example)
                            .setDenseFeatures(List.copyOf(older.subList(0, older.size() - 1)))
                            .build()));
        }
        release(ignorant);
        nowMillis += Duration.ofDays(1).toMillis();
        tick();
        checkpoint(1);
        tick();

        assertThat(work).as("there is no slice").isEmptyDirectory();
    }

    @Test
    void aTrainerThatFailsCostsItsSliceAndNothingElse() throws Exception {
        harness.close();
        start(settings(0), BROKEN_TRAINER, null);
        release(ignorant);
        showASlice(ShownTastes.tasteful());
        checkpoint(1);

        Alert alert = awaitAlert();

        assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.WARNING);
        assertThat(alert.getReason()).isEqualTo("TRAINING_FAILED");
        assertThat(alert.getMessage()).contains("exit code 1").contains("Too small maximum heap");
        assertThat(releases()).isEmpty();
    }

    @Test
    void aCandidateThatNobodyPromotedGivesWayToTheNext() throws Exception {
        harness.close();
        start(settings(10), TRAINER, null);
        ModelRelease forgotten = ModelRelease.newBuilder(ignorant)
                .setVersion("v1-20250101T000000-00000000")
                .setStage(ReleaseStage.SHADOW)
                .setIssuedBy(RetrainingNews.ISSUER)
                .build();
        ModelRelease promoted = ModelRelease.newBuilder(ignorant)
                .setVersion("v1-20250102T000000-00000000")
                .setStage(ReleaseStage.CANARY)
                .setIssuedBy("somebody")
                .build();
        release(ignorant);
        release(forgotten);
        release(promoted);
        showASlice(ShownTastes.tasteful());
        checkpoint(1);
        awaitAlert();

        assertThat(releases()).hasSize(2);
        assertThat(releases().get(0).getVersion()).isEqualTo(forgotten.getVersion());
        assertThat(releases().get(0).getStage()).isEqualTo(ReleaseStage.RETIRED);
        assertThat(releases().get(1).getStage()).isEqualTo(ReleaseStage.CANARY);
        assertThat(releases().get(1).getTrafficPercent()).isEqualTo(10);
    }
}
