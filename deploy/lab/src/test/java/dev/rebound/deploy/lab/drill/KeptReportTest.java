package dev.rebound.deploy.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptReportTest {
    @TempDir
    private Path folder;

    @Test
    void whatADrillMeasuredIsKeptWithAChartOfItsSteps() throws IOException {
        DrillReport report = new DrillReport(
                "zombie",
                7,
                31.5,
                0.1,
                3,
                0,
                0,
                0,
                List.of(new Step("start the job", 20), new Step("commit", 4)),
                List.of());

        Path kept = KeptReport.write(folder.resolve("drills"), report, Instant.parse("2026-01-02T03:04:05Z"));

        assertThat(kept.getFileName()).hasToString("2026-01-02T03-04-05-zombie-7.json");
        JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(kept));
        assertThat(json.path("rtoSeconds").asDouble()).isEqualTo(31.5);
        assertThat(json.path("steps")).hasSize(2);
        Path chart = kept.resolveSibling("2026-01-02T03-04-05-zombie-7.png");
        assertThat(ImageIO.read(chart.toFile()).getWidth()).isPositive();
    }

    @Test
    void aDrillWithoutStepsIsKeptToo() {
        DrillReport report = new DrillReport("planned", 1, null, 0, 0, 1, 0, 0, List.of(), List.of("no job"));

        assertThat(KeptReport.write(folder, report, Instant.EPOCH)).exists();
    }
}
