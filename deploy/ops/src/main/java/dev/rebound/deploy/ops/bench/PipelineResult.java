package dev.rebound.deploy.ops.bench;

import dev.rebound.deploy.ops.console.Table;
import java.io.PrintWriter;
import java.util.List;

/**
 * The comparison.
 *
 * @param ratioToPassThrough events a second, ours to the pass-through's
 * @param ratioToPerRecord users scored a second, ours to the plain predictor's
 */
record PipelineResult(
        long events,
        Figures passThrough,
        Figures rebound,
        Figures perRecord,
        double ratioToPassThrough,
        double ratioToPerRecord) {

    static PipelineResult of(long events, Figures passThrough, Figures rebound, Figures perRecord) {
        return new PipelineResult(
                events,
                passThrough,
                rebound,
                perRecord,
                rebound.eventsPerSecond() / passThrough.eventsPerSecond(),
                rebound.usersScoredPerSecond() / perRecord.usersScoredPerSecond());
    }

    void print(PrintWriter out) {
        Table.print(
                out,
                List.of(
                        List.of("job", "events/s", "users scored/s", "p50 ms", "p99 ms", "at events/s"),
                        row("pass-through", passThrough),
                        row("rebound", rebound),
                        row("per record", perRecord)));
        out.printf(
                "rebound is %.2f of the pass-through in events/s, and %.1f times the plain predictor in users scored/s%n",
                ratioToPassThrough, ratioToPerRecord);
    }

    private static List<String> row(String name, Figures figures) {
        return List.of(
                name,
                String.format("%,.0f", figures.eventsPerSecond()),
                String.format("%,.0f", figures.usersScoredPerSecond()),
                String.format("%,.0f", figures.latencyP50Millis()),
                String.format("%,.0f", figures.latencyP99Millis()),
                String.format("%,.0f", figures.latencyRate()));
    }
}
