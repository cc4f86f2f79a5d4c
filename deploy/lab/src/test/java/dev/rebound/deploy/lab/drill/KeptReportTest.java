package dev.rebound.deploy.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import dev.rebound.deploy.site.CommandFailedException;
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
        assertThat(KeptReport.readAll(folder)).containsExactly(report);
    }

    @Test
    void aDamagedReportIsNamed() throws IOException {
        Files.writeString(folder.resolve("2026-01-02T03-04-05-zombie-7.json"), "{\"kind\": ");

        assertThatThrownBy(() -> KeptReport.readAll(folder))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("2026-01-02T03-04-05-zombie-7.json");
        assertThat(KeptReport.readAll(folder.resolve("none"))).isEmpty();
    }

    @Test
    void ofManyDrillsTheMedianAndTheWorstAreTold() {
        List<DrillHistory> history = DrillHistory.of(List.of(
                siteLoss(20.0, 3),
                siteLoss(40.0, 1),
                siteLoss(24.0, 90),
                siteLoss(22.0, 0),
                DrillReport.brokenOff(DrillKind.SITE_LOSS, 5, "no copy")));

        assertThat(history).containsExactly(new DrillHistory("site-loss", 5, 1, 23.0, 40.0, 0.1, 90));
        assertThat(DrillHistory.table(history).get(1))
                .containsExactly("site-loss", "5", "1", "23.0", "40.0", "0.1", "90");
    }

    private static DrillReport siteLoss(double rto, long rpoEvents) {
        return new DrillReport("site-loss", 1, rto, 0.1, rpoEvents, 0, 0, 0, List.of(), List.of());
    }
}
