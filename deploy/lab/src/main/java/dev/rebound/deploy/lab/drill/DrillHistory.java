package dev.rebound.deploy.lab.drill;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What many drills of a kind measured.
 *
 * @param drills how many
 * @param wrong how many lost, repeated or accepted what they must not, or did not come up
 * @param medianRtoSeconds of those that came up; null if none did
 * @param worstRtoSeconds of those that came up; null if none did
 */
public record DrillHistory(
        String kind,
        int drills,
        int wrong,
        @Nullable Double medianRtoSeconds,
        @Nullable Double worstRtoSeconds,
        double worstRpoSeconds,
        long worstRpoEvents) {

    /** By kind, in the order of their names. */
    public static List<DrillHistory> of(List<DrillReport> reports) {
        Map<String, List<DrillReport>> byKind =
                reports.stream().collect(Collectors.groupingBy(DrillReport::kind, TreeMap::new, Collectors.toList()));
        List<DrillHistory> all = new ArrayList<>();
        byKind.forEach((kind, ofKind) -> all.add(of(kind, ofKind)));
        return all;
    }

    private static DrillHistory of(String kind, List<DrillReport> reports) {
        List<Double> rtos = reports.stream()
                .map(DrillReport::rtoSeconds)
                .filter(Objects::nonNull)
                .sorted(Comparator.naturalOrder())
                .toList();
        return new DrillHistory(
                kind,
                reports.size(),
                (int) reports.stream().filter(report -> !report.isRight()).count(),
                median(rtos),
                rtos.isEmpty() ? null : rtos.get(rtos.size() - 1),
                reports.stream().mapToDouble(DrillReport::rpoSeconds).max().orElse(0),
                reports.stream().mapToLong(DrillReport::rpoEvents).max().orElse(0));
    }

    private static @Nullable Double median(List<Double> sorted) {
        if (sorted.isEmpty()) {
            return null;
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** A row for each kind below their heads, for people. */
    public static List<List<String>> table(List<DrillHistory> history) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("kind", "drills", "wrong", "RTO s: median", "worst", "RPO s: worst", "inputs"));
        history.forEach(kind -> rows.add(List.of(
                kind.kind(),
                String.valueOf(kind.drills()),
                String.valueOf(kind.wrong()),
                seconds(kind.medianRtoSeconds()),
                seconds(kind.worstRtoSeconds()),
                seconds(kind.worstRpoSeconds()),
                String.valueOf(kind.worstRpoEvents()))));
        return rows;
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "-" : String.format(Locale.ROOT, "%.1f", seconds);
    }
}
