package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.RankingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageImportTest {
    @TempDir
    Path temporary;

    private Path folder;
    private Path registry;

    @BeforeEach
    void copyPackage() throws IOException {
        folder = TorchScriptPackages.copy("t1", temporary.resolve("package"));
        registry = temporary.resolve("registry");
    }

    private static org.apache.flink.core.fs.Path flink(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }

    private PackageImport.Checked check() throws Exception {
        return PackageImport.folder(flink(folder)).check(DeviceChoice.CPU);
    }

    private void assertRefused(String... inMessage) {
        assertThatThrownBy(this::check)
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContainingAll(inMessage);
    }

    private void editManifest(String from, String to) throws IOException {
        Path manifest = folder.resolve("model.json");
        String text = Files.readString(manifest);
        assertThat(text).contains(from);
        Files.writeString(manifest, text.replace(from, to));
    }

    private PackageImport torchScript(String vocabulary) throws IOException {
        Path manifest = temporary.resolve("features.json");
        ModelManifest trained = ModelManifest.fromJson(Files.readAllBytes(folder.resolve(ModelManifest.FILE)));
        new ObjectMapper()
                .writeValue(
                        manifest.toFile(),
                        Map.of("denseFeatures", trained.denseFeatures(), "sequenceLength", trained.sequenceLength()));
        Path items = Files.writeString(temporary.resolve("items.txt"), vocabulary);
        return PackageImport.torchScript(flink(folder.resolve("ranker.pt")), flink(manifest), flink(items))
                .named("ranker")
                .versioned("t2");
    }

    private static Map<String, byte[]> read(Path folder) throws IOException {
        Map<String, byte[]> bytes = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return bytes;
    }

    @Test
    void aWholePackageIsWrittenAsItIs() throws Exception {
        Files.writeString(folder.resolve("model.json.sig"), "whatever its maker wrote");
        PackageImport.Checked checked = check();
        checked.write(flink(registry));

        assertThat(checked.filledIn()).isEmpty();
        assertThat(checked.signed()).isTrue();
        assertThat(read(registry.resolve("ranker/t1")))
                .usingRecursiveComparison()
                .isEqualTo(read(folder));
        assertThat(registry.resolve("ranker")).isDirectoryNotContaining("glob:**/.*");
        assertThatThrownBy(() -> checked.write(flink(registry))).hasMessageContaining("never changed");
    }

    @Test
    void anotherVersionMakesAnotherManifestWhichTheSignatureDoesNotFit() throws Exception {
        Files.writeString(folder.resolve("model.json.sig"), "of the manifest as it was");
        PackageImport.Checked checked =
                PackageImport.folder(flink(folder)).versioned("t2").check(DeviceChoice.CPU);
        checked.write(flink(registry));

        assertThat(checked.signed()).isFalse();
        assertThat(checked.filledIn()).anyMatch(each -> each.contains("signature"));
        assertThat(registry.resolve("ranker/t2")).isDirectoryNotContaining("glob:**/model.json.sig");
    }

    @Test
    void aTorchScriptFileBecomesAPackageThatLoads() throws Exception {
        String vocabulary = Files.readString(folder.resolve("vocabulary.txt"));
        PackageImport.Checked checked = torchScript(vocabulary).check(DeviceChoice.CPU);
        Path written = Path.of(checked.write(flink(registry)).toUri());

        assertThat(checked.filledIn()).anyMatch(each -> each.startsWith("golden.json"));
        assertThat(checked.manifest().format()).isEqualTo("torchscript");
        try (RankingModel model = new ModelLoader(temporary.resolve("cache").toString(), DeviceChoice.CPU)
                .open(TorchScriptPackages.release(written), 64, 100)) {
            assertThat(model.version()).isEqualTo("t2");
        }
    }

    @Test
    void goldenCasesThatAreMadeHereAreAlwaysTheSame() throws Exception {
        String vocabulary = Files.readString(folder.resolve("vocabulary.txt"));
        byte[] once = torchScript(vocabulary).check(DeviceChoice.CPU).files().get("golden.json");
        byte[] again = torchScript(vocabulary).check(DeviceChoice.CPU).files().get("golden.json");

        assertThat(again).isEqualTo(once);
        assertThat(GoldenCases.fromJson(once).scores()).hasDimensions(4, 20);
    }

    @Test
    void aVocabularyThatIsLongerThanTheModelsTableIsRefused() throws Exception {
        PackageImport longer = torchScript(Files.readString(folder.resolve("vocabulary.txt")) + "\none-more");

        assertThatThrownBy(() -> longer.check(DeviceChoice.CPU))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining("index out of range");
    }

    @Test
    void aManifestWithoutFeaturesIsRefused() throws Exception {
        Path manifest = Files.writeString(temporary.resolve("empty.json"), "{}");
        PackageImport read = PackageImport.torchScript(
                        flink(folder.resolve("ranker.pt")), flink(manifest), flink(folder.resolve("vocabulary.txt")))
                .named("ranker")
                .versioned("t2");

        assertThatThrownBy(() -> read.check(DeviceChoice.CPU))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining("dense features");
    }

    @Test
    void aVersionMustBeSaid() throws Exception {
        editManifest("\"version\": \"t1\",", "");

        assertRefused("version name null");
    }

    @Test
    void aFlippedByteIsRefused() throws Exception {
        byte[] weights = Files.readAllBytes(folder.resolve("ranker.pt"));
        weights[weights.length / 2] ^= 1;
        Files.write(folder.resolve("ranker.pt"), weights);

        assertRefused("ranker.pt", "SHA-256");
    }

    @Test
    void aMissingFileIsRefused() throws Exception {
        Files.delete(folder.resolve("vocabulary.txt"));

        assertRefused("vocabulary.txt is missing");
    }

    @Test
    void aNameThatLeadsOutOfTheFolderIsRefused() throws Exception {
        Files.move(folder.resolve("vocabulary.txt"), temporary.resolve("vocabulary.txt"));
        editManifest("vocabulary.txt", "../vocabulary.txt");

        assertRefused("../vocabulary.txt", "only letters");
    }

    @Test
    void aVersionThatIsAPathIsRefused() throws Exception {
        editManifest("\"version\": \"t1\"", "\"version\": \"../../t1\"");

        assertRefused("../../t1", "only letters");
    }
}
