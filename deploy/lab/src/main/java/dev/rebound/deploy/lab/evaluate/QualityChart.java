package dev.rebound.deploy.lab.evaluate;

import dev.rebound.deploy.lab.evaluation.Scores;
import dev.rebound.deploy.lab.evaluation.Scores.Hour;
import dev.rebound.deploy.site.CommandFailedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** HR@20 and, below it, NDCG@10 by time, a line a recommender. */
public final class QualityChart {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 450;
    private static final int MOST_POINTS = 60;
    private static final List<Duration> STEPS = List.of(
            Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));

    private QualityChart() {}

    /** Writes a PNG. */
    public static void write(Path file, EvaluationPlan plan, List<Scores> scores) {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image = new BufferedImage(WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        String title = plan.name() + ", " + plan.protocol();
        paint(chart("HR@20: " + title, scores, Hour::hitRate), image, 0);
        paint(chart("NDCG@10: " + title, scores, Hour::ndcg), image, HEIGHT);
        try (var out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new CommandFailedException("The chart was not written to " + file.toAbsolutePath() + ": " + e, e);
        }
    }

    private static void paint(XYChart chart, BufferedImage image, int y) {
        image.getGraphics().drawImage(BitmapEncoder.getBufferedImage(chart), 0, y, null);
    }

    private static XYChart chart(String title, List<Scores> scores, ToDoubleFunction<Hour> metric) {
        XYChart chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(millis -> TIME.format(Instant.ofEpochMilli(millis.longValue())));
        for (Scores each : scores) {
            List<Double> times = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            steps(each.byHour()).forEach((time, lists) -> {
                times.add((double) time);
                values.add(metric.applyAsDouble(lists));
            });
            if (!times.isEmpty()) {
                chart.addSeries(each.name(), times, values).setMarker(SeriesMarkers.CIRCLE);
            }
        }
        return chart;
    }

    /** Hours, or longer steps where there are too many for a line to show. */
    static NavigableMap<Long, Hour> steps(NavigableMap<Long, Hour> byHour) {
        NavigableMap<Long, Hour> merged = byHour;
        for (Duration step : STEPS) {
            merged = new TreeMap<>();
            for (var hour : byHour.entrySet()) {
                long millis = step.toMillis();
                merged.merge(Math.floorDiv(hour.getKey(), millis) * millis, hour.getValue(), Hour::plus);
            }
            if (merged.size() <= MOST_POINTS) {
                break;
            }
        }
        return merged;
    }
}
