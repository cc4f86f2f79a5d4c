package dev.rebound.operators.retraining;

import dev.rebound.operators.training.ModelComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What training on a slice came to.
 *
 * @param trainedMoments lists that were trained on, replayed ones included
 * @param comparison with the LIVE version on the newest lists; null where there were too few to train or compare on
 * @param better whether the new version is to be published
 */
record SliceReport(int trainedMoments, ModelComparison.@Nullable Result comparison, boolean better) {
    private static final String FILE = "report.json";

    void write(Path folder) throws IOException {
        TrainingTask.JSON.writeValue(folder.resolve(FILE).toFile(), this);
    }

    static SliceReport read(Path folder) throws IOException {
        return TrainingTask.JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), SliceReport.class);
    }

    /** A comparison as metrics of the new package, from which {@link #ofMetrics} makes the same report. */
    static Map<String, Double> metrics(int trainedMoments, ModelComparison.Result comparison) {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("trained_moments", (double) trainedMoments);
        metrics.put("compared_moments", (double) comparison.moments());
        metrics.put("compared_users", (double) comparison.users());
        figures("live_", comparison.live(), metrics);
        figures("compared_", comparison.candidate(), metrics);
        metrics.put("ndcg@10_gain", comparison.gain());
        metrics.put("ndcg@10_gain_half_width_95", comparison.gainHalfWidth95());
        return metrics;
    }

    private static void figures(String prefix, ModelComparison.Figures figures, Map<String, Double> metrics) {
        metrics.put(prefix + "ndcg@10", figures.ndcg());
        metrics.put(prefix + "auc", figures.auc());
        metrics.put(prefix + "log_loss", figures.logLoss());
    }

    /** The report of a package that was made from the slice before: only better ones are written. */
    static SliceReport ofMetrics(Map<String, Double> metrics) {
        var comparison = new ModelComparison.Result(
                metrics.getOrDefault("compared_moments", 0.0).intValue(),
                metrics.getOrDefault("compared_users", 0.0).intValue(),
                figures("live_", metrics),
                figures("compared_", metrics),
                metrics.getOrDefault("ndcg@10_gain", Double.NaN),
                metrics.getOrDefault("ndcg@10_gain_half_width_95", Double.NaN));
        return new SliceReport(metrics.getOrDefault("trained_moments", 0.0).intValue(), comparison, true);
    }

    private static ModelComparison.Figures figures(String prefix, Map<String, Double> metrics) {
        return new ModelComparison.Figures(
                metrics.getOrDefault(prefix + "ndcg@10", Double.NaN),
                metrics.getOrDefault(prefix + "auc", Double.NaN),
                metrics.getOrDefault(prefix + "log_loss", Double.NaN));
    }

    /** The figures in a sentence. */
    String summary(String liveVersion) {
        if (comparison == null) {
            return "too few lists of which something was taken: " + trainedMoments + " to train on";
        }
        return String.format(
                Locale.ROOT,
                "NDCG@10 %.4f against %.4f of %s (%+.4f, 95 %% interval %+.4f to %+.4f), AUC %.4f against %.4f, log loss"
                        + " %.4f against %.4f, on the %d newest lists of %d users, trained on %d",
                comparison.candidate().ndcg(),
                comparison.live().ndcg(),
                liveVersion,
                comparison.gain(),
                comparison.gain() - comparison.gainHalfWidth95(),
                comparison.gain() + comparison.gainHalfWidth95(),
                comparison.candidate().auc(),
                comparison.live().auc(),
                comparison.candidate().logLoss(),
                comparison.live().logLoss(),
                comparison.moments(),
                comparison.users(),
                trainedMoments);
    }
}
