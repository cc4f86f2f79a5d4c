package dev.rebound.deploy.cli.model;

import dev.rebound.schemas.Estimate;
import dev.rebound.schemas.ModelReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A version's report as it is shown. Rates are parts of 1; limits hold at all moments at once; null is unknown. */
record ReportView(
        String model,
        String version,
        String stage,
        double trafficPercent,
        @Nullable String liveVersion,
        Instant since,
        Instant reportedAt,
        long users,
        long lists,
        long impressions,
        long clicks,
        long conversions,
        EstimateView clickRate,
        EstimateView conversionRate,
        @Nullable EstimateView clickLift,
        @Nullable EstimateView conversionLift,
        long batches,
        long failedBatches,
        @Nullable Double latencyP50Micros,
        @Nullable Double latencyP99Micros,
        @Nullable Double scoreDrift,
        @Nullable Double topTenOverlap,
        @Nullable Double rankCorrelation) {

    static final List<String> OUTCOME_HEAD = List.of(
            "model",
            "version",
            "stage",
            "users",
            "impressions",
            "clicks an impression",
            "lift, %",
            "conversions an impression",
            "lift, %");
    static final List<String> HEALTH_HEAD = List.of(
            "model",
            "version",
            "batches",
            "failed",
            "p50, ms",
            "p99, ms",
            "score drift",
            "top 10 as LIVE",
            "rank correlation");

    private static final String UNKNOWN = "-";

    /** An estimate and its limits. */
    record EstimateView(
            @Nullable Double value,
            @Nullable Double lower,
            @Nullable Double upper) {
        static @Nullable EstimateView of(@Nullable Estimate estimate) {
            return estimate == null
                    ? null
                    : new EstimateView(estimate.getValue(), estimate.getLower(), estimate.getUpper());
        }

        /** Such as {@code 0.0431 (0.0402 to 0.0460)}. */
        String text(String format, double factor) {
            return number(format, value, factor) + " (" + number(format, lower, factor) + " to "
                    + number(format, upper, factor) + ")";
        }
    }

    static ReportView of(ModelReport report) {
        return new ReportView(
                report.getModel(),
                report.getVersion(),
                report.getStage().name(),
                report.getTrafficPercent(),
                report.getLiveVersion(),
                Instant.ofEpochMilli(report.getSince()),
                Instant.ofEpochMilli(report.getReportedAt()),
                report.getUsers(),
                report.getLists(),
                report.getImpressions(),
                report.getClicks(),
                report.getConversions(),
                EstimateView.of(report.getClickRate()),
                EstimateView.of(report.getConversionRate()),
                EstimateView.of(report.getClickLift()),
                EstimateView.of(report.getConversionLift()),
                report.getBatches(),
                report.getFailedBatches(),
                report.getLatencyP50Micros(),
                report.getLatencyP99Micros(),
                report.getScoreDrift(),
                report.getTopTenOverlap(),
                report.getRankCorrelation());
    }

    List<String> outcomeRow() {
        return List.of(
                model,
                version,
                stage.equals("CANARY") ? String.format(Locale.ROOT, "CANARY %.4g %%", trafficPercent) : stage,
                Long.toString(users),
                Long.toString(impressions),
                clickRate.text("%.4f", 1),
                clickLift == null ? UNKNOWN : clickLift.text("%+.1f", 100),
                conversionRate.text("%.5f", 1),
                conversionLift == null ? UNKNOWN : conversionLift.text("%+.1f", 100));
    }

    List<String> healthRow() {
        return List.of(
                model,
                version,
                Long.toString(batches),
                Long.toString(failedBatches),
                number("%.2f", latencyP50Micros, 0.001),
                number("%.2f", latencyP99Micros, 0.001),
                number("%.3f", scoreDrift, 1),
                number("%.3f", topTenOverlap, 1),
                number("%.3f", rankCorrelation, 1));
    }

    private static String number(String format, @Nullable Double value, double factor) {
        return value == null ? UNKNOWN : String.format(Locale.ROOT, format, value * factor);
    }
}
