package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** Keeps what a drill measured, as JSON and as a chart of its steps, under the time when it ended. */
public final class KeptReport {
    private static final ObjectMapper JSON = JsonMapper.builder()
            // Whether a report is right is written for readers, and follows from the rest.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 600;

    private KeptReport() {}

    /**
     * Writes both; without steps there is no chart.
     *
     * @return the file with the JSON; the chart is beside it
     */
    public static Path write(Path folder, DrillReport report, Instant endedAt) {
        String name = TIME.format(endedAt) + "-" + report.kind() + "-" + report.seed();
        Path file = folder.resolve(name + ".json");
        try {
            Files.createDirectories(folder);
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
            if (!report.steps().isEmpty()) {
                try (var out = Files.newOutputStream(folder.resolve(name + ".png"))) {
                    BitmapEncoder.saveBitmap(chart(report), out, BitmapFormat.PNG);
                }
            }
        } catch (IOException e) {
            throw new CommandFailedException("The report of the drill was not written to " + file + ": " + e, e);
        }
        return file;
    }

    /**
     * All that were kept, the oldest first.
     *
     * @throws CommandFailedException naming the file, if one can't be read
     */
    public static List<DrillReport> readAll(Path folder) {
        List<DrillReport> reports = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return reports;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                reports.add(read(file));
            }
        } catch (IOException e) {
            throw new CommandFailedException("Can't list the reports in " + folder + ": " + e, e);
        }
        return reports;
    }

    private static DrillReport read(Path file) {
        try {
            return JSON.readValue(file.toFile(), DrillReport.class);
        } catch (IOException e) {
            throw new CommandFailedException("Can't read " + file + ", delete it if it is damaged: " + e, e);
        }
    }

    private static CategoryChart chart(DrillReport report) {
        System.setProperty("java.awt.headless", "true");
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.kind() + ", seed " + report.seed() + ": seconds by step")
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(30);
        List<Step> steps = report.steps();
        chart.addSeries(
                "seconds",
                steps.stream().map(Step::name).toList(),
                steps.stream().map(Step::seconds).toList());
        return chart;
    }
}
