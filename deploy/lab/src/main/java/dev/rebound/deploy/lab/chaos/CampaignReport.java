package dev.rebound.deploy.lab.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * All faults of a campaign, in their order, and what was lost or doubled in all.
 *
 * @param brokenOff at which fault it ended early and why; null where it did not
 */
public record CampaignReport(
        long seed,
        List<FaultReport> faults,
        long lost,
        long duplicated,
        long events,
        double seconds,
        @Nullable String brokenOff) {

    private static final String NONE = "-";

    public CampaignReport {
        faults = List.copyOf(faults);
    }

    /** Whether it came to its end, and nothing was lost, doubled or otherwise wrong, and every fault was named right if the doctor was asked. */
    public boolean isRight() {
        return brokenOff == null && faults.stream().allMatch(FaultReport::isRight);
    }

    /** A row for each fault below their heads, for people. */
    public List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "fault",
                "times",
                "detected s",
                "answered s: median",
                "worst",
                "committed s: median",
                "worst",
                "checkpoint age s",
                "lost",
                "duplicated",
                "diagnosed"));
        Map<String, List<FaultReport>> byFault =
                faults.stream().collect(Collectors.groupingBy(FaultReport::fault, TreeMap::new, Collectors.toList()));
        byFault.forEach((name, reports) -> rows.add(row(name, reports)));
        return rows;
    }

    /** The whole in a line or two, for people. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%,d events, %d faults, seed %d: lost %d, duplicated %d, in %.0f s",
                events, faults.size(), seed, lost, duplicated, seconds));
        faults.stream()
                .filter(fault -> !fault.findings().isEmpty())
                .min(Comparator.comparingInt(FaultReport::number))
                .ifPresent(first -> lines.add("NOT RIGHT since fault " + first.number() + ", " + first.fault() + ": "
                        + first.findings().get(0)));
        if (brokenOff != null) {
            lines.add("BROKEN OFF " + brokenOff);
        }
        return lines;
    }

    private static List<String> row(String name, List<FaultReport> reports) {
        List<Double> answered =
                reports.stream().map(FaultReport::answeredSeconds).toList();
        List<Double> committed =
                reports.stream().map(FaultReport::committedSeconds).toList();
        return List.of(
                name,
                String.valueOf(reports.size()),
                median(reports.stream().map(FaultReport::detectSeconds)),
                median(answered.stream()),
                worst(answered),
                median(committed.stream()),
                worst(committed),
                median(reports.stream().map(FaultReport::checkpointAgeSeconds)),
                String.valueOf(reports.stream().mapToLong(FaultReport::lost).sum()),
                String.valueOf(
                        reports.stream().mapToLong(FaultReport::duplicated).sum()),
                diagnosed(reports));
    }

    private static String diagnosed(List<FaultReport> reports) {
        List<Diagnosed> asked = reports.stream()
                .map(FaultReport::diagnosed)
                .filter(Objects::nonNull)
                .toList();
        if (asked.isEmpty()) {
            return NONE;
        }
        long right = asked.stream().filter(Diagnosed::right).count();
        String seconds = median(asked.stream().map(Diagnosed::seconds));
        return right + " of " + asked.size() + (seconds.equals(NONE) ? "" : ", " + seconds + " s");
    }

    /** @param seconds null where there was none */
    private static String median(Stream<@Nullable Double> seconds) {
        Histogram millis = new Histogram(3);
        seconds.filter(Objects::nonNull).forEach(value -> millis.recordValue(Math.round(value * 1000)));
        return millis.getTotalCount() == 0 ? NONE : text(millis.getValueAtPercentile(50) / 1000.0);
    }

    /** @param seconds null where it never recovered */
    private static String worst(List<@Nullable Double> seconds) {
        return seconds.contains(null)
                ? "never"
                : text(seconds.stream().mapToDouble(each -> each).max().orElseThrow());
    }

    private static String text(double seconds) {
        return String.format("%.1f", seconds);
    }
}
