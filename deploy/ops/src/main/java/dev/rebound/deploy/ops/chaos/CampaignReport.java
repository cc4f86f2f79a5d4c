package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.console.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** All faults of a campaign, in their order, and what was lost or doubled in all. */
record CampaignReport(long seed, List<FaultReport> faults, long lost, long duplicated, long events, double seconds) {

    CampaignReport {
        faults = List.copyOf(faults);
    }

    /** Whether nothing was lost, doubled or otherwise wrong, and every fault was named right if the doctor was asked. */
    boolean isRight() {
        return faults.stream().allMatch(FaultReport::isRight);
    }

    void print(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "fault",
                "times",
                "detected s",
                "recovered s: median",
                "worst",
                "checkpoint age s",
                "lost",
                "duplicated",
                "diagnosed"));
        Map<String, List<FaultReport>> byFault =
                faults.stream().collect(Collectors.groupingBy(FaultReport::fault, TreeMap::new, Collectors.toList()));
        byFault.forEach((name, reports) -> rows.add(row(name, reports)));
        Table.print(out, rows);
        out.printf(
                "%,d events, %d faults, seed %d: lost %d, duplicated %d, in %.0f s%n",
                events, faults.size(), seed, lost, duplicated, seconds);
        faults.stream()
                .filter(fault -> !fault.findings().isEmpty())
                .min(Comparator.comparingInt(FaultReport::number))
                .ifPresent(first -> out.println("NOT RIGHT since fault " + first.number() + ", " + first.fault() + ": "
                        + first.findings().get(0)));
    }

    private static List<String> row(String name, List<FaultReport> reports) {
        Histogram recover = millis(reports.stream().map(FaultReport::recoverSeconds));
        return List.of(
                name,
                String.valueOf(reports.size()),
                median(millis(reports.stream().map(FaultReport::detectSeconds).filter(Objects::nonNull))),
                median(recover),
                seconds(recover.getMaxValue()),
                median(millis(reports.stream().map(FaultReport::checkpointAgeSeconds))),
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
            return "-";
        }
        long right = asked.stream().filter(Diagnosed::right).count();
        Histogram seconds = millis(asked.stream().map(Diagnosed::seconds).filter(Objects::nonNull));
        return right + " of " + asked.size() + (seconds.getTotalCount() == 0 ? "" : ", " + median(seconds) + " s");
    }

    private static Histogram millis(Stream<Double> seconds) {
        Histogram histogram = new Histogram(3);
        seconds.forEach(value -> histogram.recordValue(Math.round(value * 1000)));
        return histogram;
    }

    private static String median(Histogram millis) {
        return millis.getTotalCount() == 0 ? "-" : seconds(millis.getValueAtPercentile(50));
    }

    private static String seconds(long millis) {
        return String.format("%.1f", millis / 1000.0);
    }
}
