package dev.rebound.deploy.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.cli.Rebound;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelTrainTest {
    @TempDir
    Path registry;

    @Test
    void theMadeUpShopTeachesAModelToOrderBetterThanRetrieval() throws Exception {
        StringWriter out = new StringWriter();
        CommandLine command = Rebound.commandLine();
        command.setOut(new PrintWriter(out));

        int exit = command.execute(
                "model",
                "train",
                "--model-version",
                "1",
                "--events-count",
                "20000",
                "--registry",
                registry.toUri().toString(),
                "--json");

        assertThat(exit).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.get("report").get("ndcg").doubleValue())
                .isGreaterThan(result.get("report").get("retrievalNdcg").doubleValue());
        assertThat(registry.resolve("ranker/1/model.json")).exists();
    }
}
