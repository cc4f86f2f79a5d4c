package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;

/** Time to recover, a box a fault. */
public final class RecoveryChart {
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 700;

    private RecoveryChart() {}

    /** Writes a PNG. */
    public static void write(Path file, CampaignReport report) {
        System.setProperty("java.awt.headless", "true");
        BoxChart chart = new BoxChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Seconds from the fault to the first answer after it, seed " + report.seed())
                .build();
        chart.getStyler().setXAxisLabelRotation(60);
        Map<String, List<Double>> byFault = report.faults().stream()
                .filter(fault -> fault.answeredSeconds() != null)
                .collect(Collectors.groupingBy(
                        FaultReport::fault,
                        TreeMap::new,
                        Collectors.mapping(FaultReport::answeredSeconds, Collectors.toList())));
        byFault.forEach(chart::addSeries);
        try (var out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
        } catch (IOException e) {
            throw new CommandFailedException("The chart was not written to " + file.toAbsolutePath() + ": " + e, e);
        }
    }
}
