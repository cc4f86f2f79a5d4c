package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TastefulShop;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLoaderTest {
    @TempDir
    static Path registry;

    @TempDir
    Path temporary;

    private static Path trained;

    private Path folder;
    private ModelLoader loader;

    @BeforeAll
    static void train() throws Exception {
        var trainer = new RankerTrainer(
                TastefulShop.moments(400),
                TastefulShop.encoder(200, TrainerOptions.defaults(1)),
                TrainerOptions.defaults(1),
                report -> {});
        try (TrainedRanker ranker = trainer.train()) {
            trained = Path.of(
                    ranker.write(flink(registry), "ranker", "1", Instant.EPOCH).toUri());
        }
    }

    @BeforeEach
    void copyPackage() throws IOException {
        folder = Files.createDirectory(temporary.resolve("package"));
        try (var files = Files.list(trained)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        loader = new ModelLoader(temporary.resolve("cache").toString(), DeviceChoice.CPU);
    }

    private static org.apache.flink.core.fs.Path flink(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }

    private RankingModel open() throws Exception {
        return open(ModelPackages.sha256(Files.readAllBytes(folder.resolve("model.json"))));
    }

    private RankingModel open(String sha256) throws Exception {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion("1")
                .setPackageUri(folder.toUri().toString())
                .setSha256(sha256)
                .setStage(ReleaseStage.LIVE)
                .setIssuedAt(0)
                .build();
        return loader.open(release, 8, 100);
    }

    private void assertRefused(String... inMessage) {
        assertThatThrownBy(this::open)
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining("package")
                .hasMessageContainingAll(inMessage);
        assertThat(temporary.resolve("cache")).isEmptyDirectory();
    }

    /** Changes a file and its sum in the manifest, as somebody would who wants the package to pass. */
    private void replace(String file, byte[] bytes) throws IOException {
        String old = ModelPackages.sha256(Files.readAllBytes(folder.resolve(file)));
        Files.write(folder.resolve(file), bytes);
        editManifest(old, ModelPackages.sha256(bytes));
    }

    private void editManifest(String from, String to) throws IOException {
        String manifest = Files.readString(folder.resolve("model.json"));
        assertThat(manifest).contains(from);
        Files.writeString(folder.resolve("model.json"), manifest.replace(from, to));
    }

    @Test
    void aGoodPackageLoadsAndScoresAndIsKept() throws Exception {
        try (RankingModel model = open()) {
            FeatureBatch batch = new FeatureBatch(8, 100);
            float[] scores = new float[800];
            model.score(batch, 3, scores);

            assertThat(model.version()).isEqualTo("1");
            assertThat(model.vocabulary().size()).isEqualTo(81);
            assertThat(scores[299]).isGreaterThan(0f).isLessThan(1f);
            assertThat(scores[300]).as("beyond the users").isZero();
        }
        assertThat(temporary.resolve("cache")).isDirectoryContaining(file -> file.endsWith(sum()));
        assertThat(cached()).isEqualTo(1);
    }

    private String sum() {
        try {
            return ModelPackages.sha256(Files.readAllBytes(folder.resolve("model.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long cached() throws IOException {
        try (var files = Files.list(temporary.resolve("cache"))) {
            return files.count();
        }
    }

    @Test
    void aPackageThatServedLoadsAgainThoughTheRegistryIsGone() throws Exception {
        String sum = sum();
        open().close();
        PackageCache.delete(folder);

        try (RankingModel model = open(sum)) {
            assertThat(model.version()).isEqualTo("1");
        }
    }

    @Test
    void aDamagedCopyGivesWayToTheRegistrysAndIsNotLoadedWithoutOne() throws Exception {
        String sum = sum();
        open().close();
        Path copy = temporary.resolve("cache").resolve(sum).resolve("vocabulary.txt");
        Files.writeString(copy, "moon");

        open(sum).close();
        assertThat(copy).hasSameBinaryContentAs(folder.resolve("vocabulary.txt"));

        Files.writeString(copy, "moon");
        PackageCache.delete(folder);
        assertThatThrownBy(() -> open(sum)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwxr-xrwx"})
    void aCacheThatOthersCanWriteIsPassedOverAndTheModelServes(String mode) throws Exception {
        String sum = sum();
        open().close();
        Files.setPosixFilePermissions(temporary.resolve("cache"), PosixFilePermissions.fromString(mode));
        open(sum).close();
        assertThat(cached()).as("nothing is fetched into it").isEqualTo(1);

        PackageCache.delete(folder);
        assertThatThrownBy(() -> open(sum)).as("nothing is loaded from it").isInstanceOf(IOException.class);
    }

    @Test
    void onlyTheNewestPackagesAreKept() throws Exception {
        PackageCache cache = PackageCache.in(temporary.resolve("cache"));
        for (int i = 0; i < 20; i++) {
            Path fetched = cache.newFolder();
            Files.writeString(fetched.resolve("model.json"), "{}");
            cache.keep(fetched, "sum" + i);
        }

        assertThat(cached()).isEqualTo(8);
        assertThat(cache.find("sum19")).isPresent();
        assertThat(cache.find("sum0")).isEmpty();
    }

    private void limit(ModelLimits limits) {
        loader = new ModelLoader(
                temporary.resolve("cache").toString(), DeviceChoice.CPU, null, limits, DjlRankingModel::new);
    }

    @Test
    void aModelThatIsTooSlowIsRefused() {
        limit(new ModelLimits(Duration.ofNanos(1), Long.MAX_VALUE));

        assertRefused("8 users", "--model.max-batch-latency");
    }

    @Test
    void memoryThatOthersMayHaveTakenIsNoReasonToRefuse() {
        limit(new ModelLimits(Duration.ofHours(1), -1));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("grew by")
                .hasMessageContaining("--model.max-memory");
    }

    @Test
    void aVocabularyWithMoreItemsThanTheModelHasRowsForIsRefused() throws Exception {
        replace(
                "vocabulary.txt",
                (Files.readString(folder.resolve("vocabulary.txt")) + "\nmoon").getBytes(StandardCharsets.UTF_8));

        assertRefused("vocabulary.txt", "82 rows");
    }

    @Test
    void aPackageIsNeverOverwritten() throws Exception {
        ModelManifest manifest = ModelManifest.fromJson(Files.readAllBytes(folder.resolve("model.json")));

        assertThatThrownBy(() -> ModelPackages.write(flink(registry), manifest, Map.of()))
                .hasMessageContaining("never changed");
    }

    @Test
    void aFlippedByteIsRefused() throws Exception {
        Path weights = folder.resolve("ranker-0000.params");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);

        assertRefused("ranker-0000.params", "SHA-256");
    }

    @Test
    void aManifestThatTheReleaseDoesNotNameIsRefused() {
        assertThatThrownBy(() -> open("00"))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining("model.json");
    }

    @Test
    void aPackageOfAnotherVersionThanTheReleaseIsRefused() throws Exception {
        editManifest("\"version\" : \"1\"", "\"version\" : \"2\"");

        assertRefused("version 2", "release of 1");
    }

    @Test
    void aFileThatCantBeReadNowIsNoReasonToRefuse() throws Exception {
        Files.delete(folder.resolve("vocabulary.txt"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vocabulary.txt")
                .hasMessageContaining("can't be read now");
    }

    @Test
    void truncatedParametersAreRefusedEvenWithTheRightSums() throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve("ranker-0000.params"));
        replace("ranker-0000.params", Arrays.copyOf(bytes, bytes.length / 2));

        assertRefused("ranker-0000.params", "train it again");
    }

    @Test
    void otherFeaturesThanTheJobMakesAreRefused() throws Exception {
        editManifest("\"popularity\"", "\"moon_phase\"");

        assertRefused("moon_phase");
    }

    @Test
    void weightsThatDoNotGiveTheGoldenScoresAreRefused() throws Exception {
        GoldenCases golden = GoldenCases.fromJson(Files.readAllBytes(folder.resolve("golden.json")));
        golden.scores()[0][3] += 0.01f;
        replace("golden.json", golden.toJson());

        assertRefused("golden case 0", "candidate 3");
    }

    @Test
    void anEncoderThatDoesNotGiveTheGoldenVectorsIsRefused() throws Exception {
        GoldenCases golden = GoldenCases.fromJson(Files.readAllBytes(folder.resolve("golden.json")));
        golden.users()[1][2] += 0.01f;
        replace("golden.json", golden.toJson());

        assertRefused("golden user 1", "at 2");
    }

    @Test
    void parametersThatAreNoNumbersAreRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve("ranker-0000.params"));
        Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xFF);
        replace("ranker-0000.params", bytes);

        assertRefused("golden");
    }
}
