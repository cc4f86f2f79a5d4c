package dev.rebound.deploy.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.cli.Rebound;
import dev.rebound.operators.model.PyTorchEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelVariantTest {
    private static final String MADE_BY_PYTORCH = "../../operators/src/test/resources/torchscript/t1";

    @TempDir
    Path registry;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void theOriginal() {
        assertThat(run("publish", MADE_BY_PYTORCH)).isZero();
        out.getBuffer().setLength(0);
    }

    private int run(String command, String... arguments) {
        CommandLine line = Rebound.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("model", command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--registry", registry.toUri().toString(), "--json"));
        return line.execute(all.toArray(String[]::new));
    }

    /** The original itself stands in for what PyTorch would have made of it. */
    private int variant(String version, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "t1",
                "--kind",
                "int8",
                "--from",
                MADE_BY_PYTORCH,
                "--model-version",
                version,
                "--events-count",
                "4000"));
        arguments.addAll(List.of(more));
        return run("variant", arguments.toArray(String[]::new));
    }

    private JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void oneWithinTheTolerancesComesIntoTheRegistryAndNamesItsParent() throws Exception {
        assertThat(variant("t1-int8")).as(err.toString()).isZero();

        JsonNode result = json(out.toString());
        JsonNode comparison = result.get("comparison");
        assertThat(comparison.get("moments").asInt()).isPositive();
        assertThat(comparison.get("topOverlap").asDouble()).isEqualTo(1);
        assertThat(comparison.get("goldenDifference").asDouble()).isEqualTo(0, within(1e-4));
        assertThat(result.get("variantBytes")).isEqualTo(result.get("originalBytes"));
        JsonNode lineage = new ObjectMapper()
                .readTree(registry.resolve("ranker/t1-int8/model.json").toFile())
                .get("lineage");
        assertThat(lineage.get("parentVersion").asText()).isEqualTo("t1");
        assertThat(lineage.get("variant").asText()).isEqualTo("int8");
    }

    @Test
    void oneBeyondThemDoesNot() throws Exception {
        assertThat(variant("t1-int8", "--tolerance", "-0.001")).isEqualTo(1);

        assertThat(json(out.toString()).get("packageUri").isNull()).isTrue();
        assertThat(registry.resolve("ranker/t1-int8")).doesNotExist();
    }

    @Test
    void whatPyTorchMakesIsGivenAndWhatIsDistilledIsNot() {
        assertThat(run("variant", "t1", "--kind", "half", "--model-version", "2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("needs --from");
        assertThat(run("variant", "t1", "--kind", "distilled", "--from", ".", "--model-version", "2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("takes no --from");
        assertThat(run("variant", "t1", "--kind", "tiny", "--model-version", "2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("none of distilled, int8, half");
    }

    @Test
    void halfPrecisionIsRefusedWithoutAGpu() {
        assumeThat(PyTorchEngine.forServing().getGpuCount()).isZero();

        assertThat(run("variant", "t1", "--kind", "half", "--from", MADE_BY_PYTORCH, "--model-version", "2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("pays on a GPU");
    }
}
