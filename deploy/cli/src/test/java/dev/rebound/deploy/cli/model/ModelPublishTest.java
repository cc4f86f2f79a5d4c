package dev.rebound.deploy.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.cli.Rebound;
import dev.rebound.operators.release.ModelManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What needs no Kafka: bringing a model into the registry. */
class ModelPublishTest {
    /** The packages that PyTorch made, where operators/ keeps them for its own tests. */
    private static final Path MADE_BY_PYTORCH = Path.of("../../operators/src/test/resources/torchscript");

    @TempDir
    Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path registry;

    @BeforeEach
    void anEmptyRegistry() {
        registry = temporary.resolve("registry");
    }

    private int run(String... arguments) {
        CommandLine command = Rebound.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("model"));
        all.addAll(List.of(arguments));
        return command.execute(all.toArray(String[]::new));
    }

    private int publish(String what, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("publish", what, "--registry", registry.toUri().toString(), "--json"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private JsonNode result() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private String modelOfPyTorch(String name) {
        return MADE_BY_PYTORCH.resolve(name).toString();
    }

    @Test
    void aPackageFromElsewhereComesIntoTheRegistryAndIntoNoStage() throws Exception {
        assertThat(publish(modelOfPyTorch("t1"))).as(err.toString()).isZero();

        assertThat(result().get("stage").asText()).isEqualTo("none");
        assertThat(result().get("signed").asBoolean()).isFalse();
        assertThat(registry.resolve("ranker/t1/model.json"))
                .hasSameBinaryContentAs(MADE_BY_PYTORCH.resolve("t1/model.json"));
    }

    @Test
    void aTorchScriptFileIsCompletedByWhatLiesBesideIt() throws Exception {
        Files.copy(MADE_BY_PYTORCH.resolve("t1/ranker.pt"), temporary.resolve("mine.pt"));
        Files.copy(MADE_BY_PYTORCH.resolve("t1/vocabulary.txt"), temporary.resolve("vocabulary.txt"));
        ModelManifest trained = ModelManifest.fromJson(Files.readAllBytes(MADE_BY_PYTORCH.resolve("t1/model.json")));
        new ObjectMapper()
                .writeValue(
                        temporary.resolve("mine.json").toFile(),
                        Map.of("denseFeatures", trained.denseFeatures(), "sequenceLength", trained.sequenceLength()));

        assertThat(publish(temporary.resolve("mine.pt").toString(), "--model-version", "7"))
                .as(err.toString())
                .isZero();
        assertThat(result().get("filledIn").toString()).contains("golden.json");
        assertThat(err.toString()).contains("filled in: golden.json");
        assertThat(registry.resolve("ranker/7/golden.json")).exists();
    }

    @Test
    void itIsSignedWithTheKey() throws Exception {
        Path key = temporary.resolve("key");
        assertThat(run("keygen", key.toString())).isZero();
        out.getBuffer().setLength(0);

        assertThat(publish(modelOfPyTorch("t1"), "--sign-key", key.toString())).isZero();
        assertThat(result().get("signed").asBoolean()).isTrue();
        assertThat(registry.resolve("ranker/t1/model.json.sig")).exists();
    }

    @Test
    void aBadOneLeavesNothingBehind() {
        assertThat(publish(modelOfPyTorch("throws"))).isEqualTo(1);
        assertThat(err.toString()).contains("was not published").contains("three recent items");
        assertThat(registry).doesNotExist();
    }

    @Test
    void aVersionThatIsThereIsNotChanged() {
        publish(modelOfPyTorch("t1"));

        assertThat(publish(modelOfPyTorch("t1"))).isEqualTo(1);
        assertThat(err.toString()).contains("never changed");
    }

    @Test
    void aCanaryNeedsItsShareAndNothingElseHasOne() {
        assertThat(publish(modelOfPyTorch("t1"), "--stage", "canary")).isEqualTo(1);
        assertThat(err.toString()).contains("needs --percent");
        assertThat(publish(modelOfPyTorch("t1"), "--percent", "5")).isEqualTo(1);
        assertThat(publish(modelOfPyTorch("t1"), "--stage", "canary", "--percent", "500"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("not between 0 and 100");
        assertThat(publish(modelOfPyTorch("t1"), "--stage", "dark")).isEqualTo(1);
        assertThat(err.toString()).contains("none of none, shadow, canary, light, live");
        assertThat(registry).doesNotExist();
    }
}
